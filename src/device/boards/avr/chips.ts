import type { Sourced, UsbId } from '../board';
import type { Avr109Target, Stk500v1Target } from '../uploads';

const core = 'Arduino AVR core 1.8.7, boards.txt';
export const fromCore = (value: number, key: string): Sourced => ({ value, source: `${core}: ${key}` });

/** What every board with an ATmega328P at 16 MHz has in common. */
export const atmega328p = {
  chip: 'ATmega328P',
  core: 'AVR8',
  isa: 'avr',
  clockHz: fromCore(16_000_000, 'uno.build.f_cpu'),
  ramBytes: fromCore(2048, 'uno.upload.maximum_data_size'),
  toolchain: 'avr-gcc',
  chipFlags: ['-mmcu=atmega328p'],
  port: 'avr',
  runTools: [],
} as const;

export const atmega2560 = {
  chip: 'ATmega2560',
  core: 'AVR8',
  isa: 'avr',
  clockHz: fromCore(16_000_000, 'mega.build.f_cpu'),
  flashBytes: fromCore(253_952, 'mega.menu.cpu.atmega2560.upload.maximum_size (256 KiB less 8 KiB of bootloader)'),
  ramBytes: fromCore(8192, 'mega.upload.maximum_data_size'),
  toolchain: 'avr-gcc',
  chipFlags: ['-mmcu=atmega2560'],
  port: 'avr',
  runTools: [],
} as const;

/** Its USB belongs to the Arduino core: only that makes firmware whose link goes over the board's own socket. */
export const atmega32u4 = {
  chip: 'ATmega32U4',
  core: 'AVR8',
  isa: 'avr',
  clockHz: fromCore(16_000_000, 'leonardo.build.f_cpu'),
  flashBytes: fromCore(28_672, 'leonardo.upload.maximum_size (32 KiB less 4 KiB of bootloader)'),
  ramBytes: fromCore(2560, 'leonardo.upload.maximum_data_size'),
  toolchain: 'arduino',
  chipFlags: [],
  port: 'arduino',
  runTools: [],
} as const;

/** Signature and page size: ATmega328P datasheet DS40002061B, tables 28-7 and 28-9. */
export const optiboot = (baud: number, applicationBytes: number): Stk500v1Target => ({ baud, signature: [0x1e, 0x95, 0x0f], pageBytes: 128, applicationBytes });

/** Signature and page size: ATmega2560 datasheet DS40002211A, tables 30-6 and 30-7; baud: boards.txt mega.menu.cpu.atmega2560.upload.speed. */
export const stk500boot: Stk500v1Target = { baud: 115_200, signature: [0x1e, 0x98, 0x01], pageBytes: 256, applicationBytes: 253_952 };

/** Signature and page size: ATmega32U4 datasheet, tables 28-6 and 28-7; baud: boards.txt leonardo.upload.speed. */
export const caterina: Avr109Target = { baud: 57_600, signature: [0x1e, 0x95, 0x87], pageBytes: 128, applicationBytes: 28_672 };

/** The same product under the two vendor ids of Arduino. */
export const arduinoUsb = (...productIds: readonly number[]): UsbId[] => [0x2341, 0x2a03].flatMap((vendorId) => productIds.map((productId) => ({ vendorId, productId })));
