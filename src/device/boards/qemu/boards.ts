import type { BareMetal, Board, Isa, Sourced } from '../board';
import { playedSensors } from '../sensors';

/**
 * Boards in QEMU with exact instruction counts. Clocks and memories as QEMU 7.2 has them (hw/arm/mps2.c, mps2-tz.c, microbit.c,
 * hw/riscv/virt.c); the MPS2 and MPS3 figures are those of Arm's application notes of the same number.
 *
 * One instruction takes 2^6 ns of virtual time: the smallest power of two above one tick of the slowest SysTick (62.5 ns).
 */
const ICOUNT_SHIFT = 6;
const KIB = 1024;
const MIB = 1024 * 1024;

interface CortexM {
  readonly id: string;
  readonly core: string;
  readonly isa: Isa;
  readonly machine: string;
  readonly chip: string;
  readonly chipFlags: readonly string[];
  readonly clockHz: Sourced;
  readonly memory: string;
  readonly bareMetal: BareMetal;
  readonly about: string;
}

const cortexM = ({ id, core, machine, memory, bareMetal, about, ...rest }: CortexM): Board => ({
  ...rest,
  id,
  core,
  name: `${core} (simulated)`,
  kind: 'simulated',
  flashBytes: { value: bareMetal.flash.bytes, source: memory },
  ramBytes: { value: bareMetal.ram.bytes, source: memory },
  toolchain: 'arm-none-eabi-gcc',
  port: 'cortex-m',
  bareMetal,
  runTools: ['qemu-system-arm'],
  connect: { kind: 'qemu', program: 'qemu-system-arm', machine, icountShift: ICOUNT_SHIFT },
  sensors: playedSensors,
  description: `${about} in QEMU, with exact instruction counts: needs no hardware.`,
});

const mps2 = (note: string): Pick<CortexM, 'clockHz' | 'memory' | 'bareMetal'> => ({
  clockHz: { value: 25_000_000, source: `Arm Application Note ${note}: SYSCLK 25 MHz; QEMU hw/arm/mps2.c: SYSCLK_FRQ` },
  memory: `Arm Application Note ${note}, memory map: ZBT SSRAM1 at 0x00000000, SSRAM2 and 3 at 0x20000000, 4 MiB each`,
  bareMetal: { flash: { origin: 0, bytes: 4 * MIB }, ram: { origin: 0x20000000, bytes: 4 * MIB }, uart: { kind: 'cmsdk', address: 0x40004000, interrupt: 0 } },
});

export const cortexMBoards: readonly Board[] = [
  cortexM({
    id: 'm4-sim', core: 'Cortex-M4F', isa: 'dsp', machine: 'mps2-an386', chip: 'MPS2 AN386',
    chipFlags: ['-mcpu=cortex-m4', '-mthumb', '-mfpu=fpv4-sp-d16', '-mfloat-abi=hard'], ...mps2('AN386'), about: 'A Cortex-M4 with FPU',
  }),
  cortexM({
    id: 'm0-sim', core: 'Cortex-M0', isa: 'c99', machine: 'microbit', chip: 'nRF51822', chipFlags: ['-mcpu=cortex-m0', '-mthumb'],
    clockHz: { value: 16_000_000, source: 'nRF51822 product specification: HFCLK 16 MHz; QEMU hw/arm/nrf51_soc.c: HCLK_FRQ' },
    memory: 'QEMU hw/arm/nrf51_soc.c: NRF51822_FLASH_PAGES (256 KiB), NRF51822_SRAM_PAGES (16 KiB)',
    bareMetal: { flash: { origin: 0, bytes: 256 * KIB }, ram: { origin: 0x20000000, bytes: 16 * KIB }, uart: { kind: 'nrf51', address: 0x40002000, interrupt: 2 } },
    about: 'A Cortex-M0 with 16 KiB of RAM',
  }),
  cortexM({ id: 'm3-sim', core: 'Cortex-M3', isa: 'c99', machine: 'mps2-an385', chip: 'MPS2 AN385', chipFlags: ['-mcpu=cortex-m3', '-mthumb'], ...mps2('AN385'), about: 'A Cortex-M3' }),
  cortexM({
    id: 'm7-sim', core: 'Cortex-M7', isa: 'dsp', machine: 'mps2-an500', chip: 'MPS2 AN500',
    chipFlags: ['-mcpu=cortex-m7', '-mthumb', '-mfpu=fpv5-sp-d16', '-mfloat-abi=hard'], ...mps2('AN500'), about: 'A Cortex-M7 with FPU',
  }),
  cortexM({
    id: 'm33-sim', core: 'Cortex-M33', isa: 'dsp', machine: 'mps2-an505', chip: 'MPS2 AN505',
    chipFlags: ['-mcpu=cortex-m33', '-mthumb', '-mfpu=fpv5-sp-d16', '-mfloat-abi=hard'],
    clockHz: { value: 20_000_000, source: 'Arm Application Note AN505: SYSCLK 20 MHz; QEMU hw/arm/mps2-tz.c: sysclk_frq' },
    memory: 'Arm Application Note AN505, secure memory map: SSRAM1 at 0x10000000 (4 MiB), SSRAM2 at 0x38000000 (2 MiB)',
    bareMetal: { flash: { origin: 0x10000000, bytes: 4 * MIB }, ram: { origin: 0x38000000, bytes: 2 * MIB }, uart: { kind: 'cmsdk', address: 0x50200000, interrupt: 32 } },
    about: 'A Cortex-M33 with FPU',
  }),
  cortexM({
    id: 'm55-sim', core: 'Cortex-M55', isa: 'mve', machine: 'mps3-an547', chip: 'MPS3 AN547', chipFlags: ['-mcpu=cortex-m55', '-mthumb', '-mfloat-abi=hard'],
    clockHz: { value: 32_000_000, source: 'Arm Application Note AN547: MAINCLK 32 MHz; QEMU hw/arm/mps2-tz.c: sysclk_frq' },
    memory: 'Arm Application Note AN547, memory map: ITCM at 0x00000000, DTCM at 0x20000000, 512 KiB each',
    bareMetal: { flash: { origin: 0, bytes: 512 * KIB }, ram: { origin: 0x20000000, bytes: 512 * KIB }, uart: { kind: 'cmsdk', address: 0x59303000, interrupt: 33 } },
    about: 'A Cortex-M55 with Helium',
  }),
];

export const riscvSim: Board = {
  id: 'rv32-sim',
  name: 'RISC-V RV32IMC (simulated)',
  kind: 'simulated',
  chip: 'QEMU virt',
  core: 'RV32IMC',
  isa: 'c99',
  clockHz: { value: 10_000_000, source: 'QEMU hw/intc/riscv_aclint.h: RISCV_ACLINT_DEFAULT_TIMEBASE_FREQ; the machine itself has no clock, it counts instructions' },
  flashBytes: { value: 4 * MIB, source: 'A choice of ours: all of this machine is RAM at 0x80000000 (QEMU hw/riscv/virt.c), 4 MiB of it for the program' },
  ramBytes: { value: 400 * KIB, source: 'A choice of ours: the SRAM of an ESP32-C3 (datasheet, section 3.2), whose instruction set this is' },
  toolchain: 'riscv-gcc',
  // Debian's gcc 12 has no 32-bit libraries under the newer name of this instruction set.
  chipFlags: ['-march=rv32imc', '-mabi=ilp32', '-misa-spec=2.2', '-mcmodel=medany'],
  port: 'riscv-virt',
  bareMetal: { flash: { origin: 0x80000000, bytes: 4 * MIB }, ram: { origin: 0x80400000, bytes: 400 * KIB }, uart: { kind: 'ns16550', address: 0x10000000, interrupt: 10 } },
  runTools: ['qemu-system-riscv32'],
  // Each instruction is counted as 2^shift by its counter: 0 keeps them apart.
  connect: { kind: 'qemu', program: 'qemu-system-riscv32', machine: 'virt', icountShift: 0, bios: 'none' },
  sensors: playedSensors,
  description: 'A RISC-V core as in an ESP32-C3, in QEMU, with exact instruction counts: needs no hardware.',
};
