import type { Board } from '../board';

export const m4Sim: Board = {
  id: 'm4-sim',
  name: 'Cortex-M4F (simulated)',
  kind: 'simulated',
  chip: 'MPS2 AN386',
  core: 'Cortex-M4F',
  isa: 'dsp',
  clockHz: { value: 25_000_000, source: 'Arm Application Note AN386, section 3.3: SYSCLK 25 MHz; QEMU hw/arm/mps2.c: SYSCLK_FRQ' },
  flashBytes: { value: 4 * 1024 * 1024, source: 'Arm Application Note AN386, memory map: ZBT SSRAM1 at 0x00000000, 4 MiB' },
  ramBytes: { value: 4 * 1024 * 1024, source: 'Arm Application Note AN386, memory map: ZBT SSRAM2 and 3 at 0x20000000, 4 MiB' },
  toolchain: 'arm-none-eabi-gcc',
  chipFlags: ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'],
  port: 'cortex-m-mps2',
  runTools: ['qemu-system-arm'],
  // One instruction = 2^6 ns of virtual time: the smallest power of two above one 40 ns tick of the 25 MHz SysTick.
  connect: { kind: 'qemu', machine: 'mps2-an386', icountShift: 6 },
  description: 'A Cortex-M4 with FPU in QEMU, with exact instruction counts: needs no hardware.',
};
