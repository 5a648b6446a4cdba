import type { Board, Isa, Sourced, UsbId } from '../board';
import { byTool } from '../tool-uploads';

/**
 * Nucleo boards. Clock, RAM and flash: platformio/platform-ststm32 018acc3a81, boards/<board>.json (build.f_cpu,
 * upload.maximum_ram_size, upload.maximum_size). Product ids of the bootloader: ST application note AN2606, table of
 * device-dependent parameters, compared with stm32duino/stm32flash 8bc5ceb3d8, dev_table.c. Zephyr (boards/st) names the boards as
 * PlatformIO does. Drive labels: stm32duino/Arduino_Core_STM32 b4bae0dfdf, boards.txt: <size>.menu.pnum.<pnum>.node, without its
 * "NUCLEO", which two boards with different chips share.
 */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly core: string;
  readonly isa: Isa;
  readonly mhz: number;
  readonly ramBytes: number;
  readonly flashBytes: number;
  readonly size: 'Nucleo_64' | 'Nucleo_144' | 'Nucleo_32';
  readonly pnum: string;
  readonly pio: string;
  readonly productId: number;
}

const rows: readonly Row[] = [
  { id: 'nucleo-f446re', name: 'Nucleo F446RE', labels: ['NODE_F446RE'], core: 'Cortex-M4F', isa: 'dsp', mhz: 180, ramBytes: 131_072, flashBytes: 524_288, size: 'Nucleo_64', pnum: 'NUCLEO_F446RE', pio: 'nucleo_f446re', productId: 0x421 },
  { id: 'nucleo-f411re', name: 'Nucleo F411RE', labels: ['NODE_F411RE'], core: 'Cortex-M4F', isa: 'dsp', mhz: 100, ramBytes: 131_072, flashBytes: 524_288, size: 'Nucleo_64', pnum: 'NUCLEO_F411RE', pio: 'nucleo_f411re', productId: 0x431 },
  { id: 'nucleo-f401re', name: 'Nucleo F401RE', labels: ['NODE_F401RE'], core: 'Cortex-M4F', isa: 'dsp', mhz: 84, ramBytes: 98_304, flashBytes: 524_288, size: 'Nucleo_64', pnum: 'NUCLEO_F401RE', pio: 'nucleo_f401re', productId: 0x433 },
  { id: 'nucleo-f767zi', name: 'Nucleo F767ZI', labels: ['NODE_F767ZI'], core: 'Cortex-M7', isa: 'dsp', mhz: 216, ramBytes: 524_288, flashBytes: 2_097_152, size: 'Nucleo_144', pnum: 'NUCLEO_F767ZI', pio: 'nucleo_f767zi', productId: 0x451 },
  { id: 'nucleo-f746zg', name: 'Nucleo F746ZG', labels: ['NODE_F746ZG'], core: 'Cortex-M7', isa: 'dsp', mhz: 216, ramBytes: 327_680, flashBytes: 1_048_576, size: 'Nucleo_144', pnum: 'NUCLEO_F746ZG', pio: 'nucleo_f746zg', productId: 0x449 },
  { id: 'nucleo-h743zi', name: 'Nucleo H743ZI', labels: ['NODE_H743ZI', 'NOD_H743ZI2'], core: 'Cortex-M7', isa: 'dsp', mhz: 400, ramBytes: 524_288, flashBytes: 2_097_152, size: 'Nucleo_144', pnum: 'NUCLEO_H743ZI2', pio: 'nucleo_h743zi', productId: 0x450 },
  { id: 'nucleo-l476rg', name: 'Nucleo L476RG', labels: ['NODE_L476RG'], core: 'Cortex-M4F', isa: 'dsp', mhz: 80, ramBytes: 98_304, flashBytes: 1_048_576, size: 'Nucleo_64', pnum: 'NUCLEO_L476RG', pio: 'nucleo_l476rg', productId: 0x415 },
  { id: 'nucleo-l432kc', name: 'Nucleo L432KC', labels: ['NODE_L432KC'], core: 'Cortex-M4F', isa: 'dsp', mhz: 80, ramBytes: 65_536, flashBytes: 262_144, size: 'Nucleo_32', pnum: 'NUCLEO_L432KC', pio: 'nucleo_l432kc', productId: 0x435 },
];

/** The ST-LINK on the board, versions 2 to 3. stm32duino/Arduino_Core_STM32 b4bae0dfdf, boards.txt. */
const stLink: readonly UsbId[] = [0x3744, 0x3748, 0x374b, 0x374e, 0x374f, 0x3752, 0x3753].map((productId) => ({ vendorId: 0x0483, productId }));

const shortened = (labels: readonly string[]): string[] => labels.filter((label) => label.startsWith('NODE_')).map((label) => label.replace('NODE_', 'NOD_'));

/** Internal flash of every STM32. AN2606: user flash. */
const FLASH = 0x08000000;

export const stm32Boards: readonly Board[] = rows.map(({ id, name, labels, core, isa, mhz, ramBytes, flashBytes, size, pnum, pio, productId }) => {
  const from = (value: number, key: string): Sourced => ({ value, source: `platformio/platform-ststm32 018acc3a81, boards/${pio}.json: ${key}` });
  const part = pnum.slice('NUCLEO_'.length).replace(/2$/, '');
  return {
    id, name, core, isa,
    kind: 'hardware',
    chip: `STM32${part}`,
    clockHz: from(mhz * 1e6, 'build.f_cpu'),
    flashBytes: from(flashBytes, 'upload.maximum_size'),
    ramBytes: from(ramBytes, 'upload.maximum_ram_size'),
    toolchain: 'arduino',
    chipFlags: [],
    port: 'arduino',
    runTools: [],
    project: { fqbn: `STMicroelectronics:stm32:${size}:pnum=${pnum}`, platformio: { platform: 'ststm32', board: pio }, zephyr: pio },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [
        { kind: 'mass-storage', target: { labels: [...labels, ...shortened(labels)], startAddress: FLASH, applicationBytes: flashBytes } },
        { kind: 'stm32-uart', target: { baud: 115_200, productId, startAddress: FLASH, applicationBytes: flashBytes } },
        byTool.openocd('stlink', `stm32${part.slice(0, 2).toLowerCase()}x`),
        byTool.probeRs(`STM32${part.slice(0, 6)}`),
        byTool.west(),
      ],
    },
    usb: stLink,
    usbSource: 'stm32duino/Arduino_Core_STM32 b4bae0dfdf, boards.txt: ids of ST-LINK/V2 to V3',
    unverified: [`Drive label ${shortened(labels).join(', ')}: users report this form of some boards, no source of ST's has it.`],
    description: `A ${name}, flashed by copying the image to the drive of its ST-LINK.`,
  };
});
