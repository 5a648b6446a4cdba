import type { Sourced, Stk500v1Target } from './board';

/** What every board with an ATmega328P at 16 MHz under optiboot has in common. */
export const atmega328pAt16MHz = {
  chip: 'ATmega328P',
  core: 'AVR8',
  isa: 'avr',
  clockHz: { value: 16_000_000, source: 'Arduino AVR core 1.8.7, boards.txt: uno.build.f_cpu' } satisfies Sourced,
  flashBytes: { value: 32_256, source: 'Arduino AVR core 1.8.7, boards.txt: uno.upload.maximum_size (32 KiB less 512 bytes of bootloader)' } satisfies Sourced,
  ramBytes: { value: 2048, source: 'Arduino AVR core 1.8.7, boards.txt: uno.upload.maximum_data_size' } satisfies Sourced,
  toolchain: 'avr-gcc',
  chipFlags: ['-mmcu=atmega328p'],
  port: 'avr',
} as const;

/** Optiboot as an Uno carries it. Signature and page size: ATmega328P datasheet DS40002061B, tables 28-7 and 28-9; baud: boards.txt uno.upload.speed. */
export const optiboot: Stk500v1Target = { baud: 115_200, signature: [0x1e, 0x95, 0x0f], pageBytes: 128, applicationBytes: 32_256 };
