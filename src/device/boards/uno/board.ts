import { atmega328pAt16MHz, optiboot } from '../atmega328p';
import type { Board } from '../board';

export const uno: Board = {
  ...atmega328pAt16MHz,
  id: 'uno',
  name: 'Arduino Uno',
  kind: 'hardware',
  runTools: [],
  connect: { kind: 'serial-stk500v1', baud: 115_200, uploader: optiboot },
  // Arduino AVR core 1.8.7, boards.txt: uno.vid.* and uno.pid.*
  usb: [
    { vendorId: 0x2341, productId: 0x0043 },
    { vendorId: 0x2341, productId: 0x0001 },
    { vendorId: 0x2341, productId: 0x0243 },
    { vendorId: 0x2341, productId: 0x006a },
    { vendorId: 0x2a03, productId: 0x0043 },
  ],
  description: 'An Arduino Uno R3 on a serial port, flashed through its bootloader.',
};
