import { counts as armv6m } from './kernel-counts/armv6-m';
import { counts as armv7ePortable } from './kernel-counts/armv7e-m-portable';
import { counts as armv7e } from './kernel-counts/armv7e-m';
import { counts as armv7m } from './kernel-counts/armv7-m';
import { counts as armv81m } from './kernel-counts/armv8.1-m';
import { counts as avr } from './kernel-counts/avr';
import { counts as rv32imc } from './kernel-counts/rv32imc';
import type { CodeCounts } from './latency';

/**
 * Instructions of the generated kernels, counted in QEMU layer by layer (of AVR: cycles, in avr8js): per MAC, place of a window,
 * output element, input element and call. Errors: of a model's total when its network is left out of the fit.
 */
export const kernelCounts: Readonly<Record<string, CodeCounts>> = {
  'armv7e-m': armv7e,
  'armv7e-m-portable': armv7ePortable,
  'armv7-m': armv7m,
  'armv6-m': armv6m,
  'armv8.1-m': armv81m,
  rv32imc,
  avr,
};
