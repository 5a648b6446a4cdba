import type { Fix } from '../../base/problem';

/** How to bring a board into its bootloader by hand, where it does not answer. Shown with the problem; per kind of bootloader. */
const pins01: Fix = { title: 'Unplug what is wired to pins 0 and 1: they are the serial line' };
const press: Fix = { title: 'Press the reset button of the board just as flashing begins' };

export const advice = {
  stk500v1: [press, pins01, { title: 'A Nano made before 2018 has the old bootloader: choose that variant of the board' }],
  stk500v2: [press, pins01],
  avr109: [{ title: 'Press the reset button twice within a second, then flash: the bootloader waits eight seconds' }],
  samBa: [{ title: 'Press the reset button twice within half a second: the light fades in and out while the bootloader waits' }],
  esp: [
    { title: 'Hold BOOT, press and release EN (RST), release BOOT, then flash: boards without the reset circuit need this' },
    { title: 'Use a cable that carries data, and a USB socket of the computer itself' },
  ],
  stm32Uart: [{ title: 'Set BOOT0 high (jumper or button), press reset, then flash; set it low again afterwards' }],
  uf2: [
    { title: 'Pico: hold BOOTSEL while plugging it in' },
    { title: 'Other boards: press reset twice within half a second, until a drive appears' },
  ],
  massStorage: [{ title: 'Unplug the board and plug it in again: its drive should appear' }],
} as const satisfies Record<string, readonly Fix[]>;
