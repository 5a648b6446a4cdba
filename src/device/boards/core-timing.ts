import type { Sourced } from './board';

/** What the time model knows of a core, by `Board.core`. Cores without an entry have no modelled time: it is unknown, not 0. */
export interface CoreTiming {
  /** Machine code whose kernels were counted, or the nearest to it (key of the engine's `kernelCounts`). */
  readonly code: string;
  /** Core that `code` was counted for, where it is another: said beside each figure. */
  readonly like?: string;
  /** Machine code for layers on real numbers, where the core has an FPU that `code` has not. */
  readonly realCode?: string;
  /** For kernels on integers and on real numbers; memory without wait states. */
  readonly cyclesPerInstruction: { readonly integer: Sourced; readonly real: Sourced };
}

/** Means over all instructions of the bench models; docs/benchmarks.md has the table. */
const traced = (integer: number, real: number, manual: string): CoreTiming['cyclesPerInstruction'] => {
  const source = `every instruction of generated kernels in QEMU with its cycles in the ${manual}, memory without wait states`;
  return { integer: { value: integer, source }, real: { value: real, source } };
};

const m4 = traced(1.37, 2.4, 'Cortex-M4 TRM, tables 3-1 and 7-1');

/** Of portable kernels on real numbers: they multiply and add less densely than those for Arm's FPU. */
const M4_PORTABLE_REAL = 1.64;

/** Arm's figure for the core that all ratios refer to. */
const M4_COREMARK = 3.54;

/** Cores whose pipeline has no public table: as many times faster or slower than the Cortex-M4 as CoreMark says. `real`: of the Cortex-M4. */
const byCoreMark = (coreMarkPerMHz: number, publisher: string, real: number): CoreTiming['cyclesPerInstruction'] => {
  const ratio = M4_COREMARK / coreMarkPerMHz;
  const source = `that of the Cortex-M4 × ${M4_COREMARK} ÷ ${coreMarkPerMHz} CoreMark/MHz (Arm, Cortex-M comparison table; ${publisher})`;
  const scaled = (value: number): Sourced => ({ value: Number((value * ratio).toFixed(2)), source });
  return { integer: scaled(m4.integer.value), real: scaled(real) };
};

const arm = 'the same table';
/** Real numbers by the FPU, or by functions on integers where there is none. */
const [fpu, none] = [m4.real.value, m4.integer.value];
const cycles: Sourced = { value: 1, source: 'avr8js knows the cycles of each instruction (AVR instruction set manual): cycles are counted, not instructions' };

const coreTimings: Readonly<Record<string, CoreTiming>> = {
  AVR8: { code: 'avr', cyclesPerInstruction: { integer: cycles, real: cycles } },
  'Cortex-M0': { code: 'armv6-m', cyclesPerInstruction: byCoreMark(2.33, arm, none) },
  'Cortex-M0+': { code: 'armv6-m', cyclesPerInstruction: traced(1.33, 1.29, 'Cortex-M0+ TRM, table 3-1') },
  'Cortex-M3': { code: 'armv7-m', cyclesPerInstruction: traced(1.49, 1.24, 'Cortex-M3 TRM, table 3-1') },
  'Cortex-M4F': { code: 'armv7e-m', cyclesPerInstruction: m4 },
  'Cortex-M33': { code: 'armv7e-m', like: 'Cortex-M4F', cyclesPerInstruction: byCoreMark(4.1, arm, fpu) },
  'Cortex-M7': { code: 'armv7e-m', like: 'Cortex-M4F', cyclesPerInstruction: byCoreMark(5.29, arm, fpu) },
  'Cortex-M55': { code: 'armv8.1-m', cyclesPerInstruction: byCoreMark(4.4, arm, fpu) },
  RV32IMC: { code: 'rv32imc', cyclesPerInstruction: byCoreMark(2.55, 'ESP32-C3 datasheet', none) },
  RV32IMAC: { code: 'rv32imc', like: 'RV32IMC', cyclesPerInstruction: byCoreMark(3.1, 'ESP32-C6 datasheet', none) },
  'Xtensa LX6': { code: 'rv32imc', realCode: 'armv7e-m-portable', like: 'RV32IMC (Cortex-M4F for real numbers)', cyclesPerInstruction: byCoreMark(2.1, 'ESP32 datasheet, one core', M4_PORTABLE_REAL) },
  'Xtensa LX7': { code: 'rv32imc', realCode: 'armv7e-m-portable', like: 'RV32IMC (Cortex-M4F for real numbers)', cyclesPerInstruction: byCoreMark(2.56, 'ESP32-S3 datasheet, one core', M4_PORTABLE_REAL) },
  'Xtensa LX7 of ESP32-S2': { code: 'rv32imc', like: 'RV32IMC', cyclesPerInstruction: byCoreMark(1.97, 'ESP32-S2 datasheet', none) },
};

/** By core; a chip whose core lacks a part that others have has its own entry. */
export const timingOf = (core: string, chip: string): CoreTiming | undefined => coreTimings[`${core} of ${chip}`] ?? coreTimings[core];
