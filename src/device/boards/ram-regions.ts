import type { Board } from './board';

/** A memory that data may lie in. */
export interface RamRegion {
  readonly name: string;
  /** Where it begins; absent where only its size is published for the board. */
  readonly origin?: number;
  readonly bytes: number;
  readonly source: string;
}

const KIB = 1024;
const zephyr = (file: string): string => `zephyrproject-rtos/zephyr, dts/arm/st/${file}`;
const sdk = 'raspberrypi/pico-sdk 1f1c341a9a, src/rp2040/hardware_regs/include/hardware/regs/addressmap.h';

/** By the beginning of `Board.chip`: chips whose RAM is several memories. */
const regions: Readonly<Record<string, readonly RamRegion[]>> = {
  STM32F746: [
    { name: 'DTCM', origin: 0x20000000, bytes: 64 * KIB, source: zephyr('f7/stm32f746.dtsi') },
    { name: 'SRAM1 and SRAM2', origin: 0x20010000, bytes: 256 * KIB, source: zephyr('f7/stm32f746.dtsi') },
  ],
  STM32F767: [
    { name: 'DTCM', origin: 0x20000000, bytes: 128 * KIB, source: zephyr('f7/stm32f767.dtsi') },
    { name: 'SRAM1 and SRAM2', origin: 0x20020000, bytes: 384 * KIB, source: zephyr('f7/stm32f767.dtsi') },
  ],
  STM32H743: [
    { name: 'DTCM', origin: 0x20000000, bytes: 128 * KIB, source: zephyr('h7/stm32h743.dtsi') },
    { name: 'AXI SRAM', origin: 0x24000000, bytes: 512 * KIB, source: zephyr('h7/stm32h743.dtsi') },
    { name: 'SRAM1', origin: 0x30000000, bytes: 128 * KIB, source: zephyr('h7/stm32h743.dtsi') },
    { name: 'SRAM2', origin: 0x30020000, bytes: 128 * KIB, source: zephyr('h7/stm32h743.dtsi') },
    { name: 'SRAM3', origin: 0x30040000, bytes: 32 * KIB, source: zephyr('h7/stm32h743.dtsi') },
    { name: 'SRAM4', origin: 0x38000000, bytes: 64 * KIB, source: zephyr('h7/stm32h743.dtsi') },
  ],
  RP2040: [
    { name: 'SRAM0 to SRAM3', origin: 0x20000000, bytes: 256 * KIB, source: sdk },
    { name: 'SRAM4', origin: 0x20040000, bytes: 4 * KIB, source: sdk },
    { name: 'SRAM5', origin: 0x20041000, bytes: 4 * KIB, source: sdk },
  ],
};

/** All RAM of a board's chip: of others than those above what a program may use, as one. Empty for the host. */
export function ramRegionsOf({ chip, ramBytes, bareMetal }: Board): readonly RamRegion[] {
  const known = Object.entries(regions).find(([name]) => chip.startsWith(name))?.[1];
  if (known) return known;
  return ramBytes ? [{ name: 'RAM', ...(bareMetal ? { origin: bareMetal.ram.origin } : {}), bytes: ramBytes.value, source: ramBytes.source }] : [];
}
