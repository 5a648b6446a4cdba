import type { Board } from '../board';
import { playedSensors } from '../sensors';
import { byTool } from '../tool-uploads';
import { arduinoUsb, atmega2560, atmega328p, atmega32u4, caterina, fromCore, optiboot, stk500boot } from './chips';

/** Firmware speaks at 115,200 baud on all of them, whatever speed their bootloaders have. */
const baud = 115_200;
const usbSource = 'Arduino AVR core 1.8.7, boards.txt: <board>.vid.*, <board>.pid.*';
const unoFlash = fromCore(32_256, 'uno.upload.maximum_size (32 KiB less 512 bytes of bootloader)');
const nanoFlash = fromCore(30_720, 'nano.menu.cpu.atmega328.upload.maximum_size (32 KiB less 2 KiB of bootloader)');

export const simulatedAvrBoards: readonly Board[] = [
  {
    ...atmega328p,
    id: 'uno-sim',
    name: 'Arduino Uno (simulated)',
    kind: 'simulated',
    flashBytes: unoFlash,
    sensors: playedSensors,
    connect: { kind: 'avr-simulator', chip: 'atmega328p', upload: { kind: 'stk500v1', target: optiboot(115_200, 32_256) } },
    description: 'A cycle-exact ATmega328P at 16 MHz, flashed through its bootloader like a real Uno: needs no hardware.',
  },
  {
    ...atmega2560,
    id: 'mega-sim',
    name: 'Arduino Mega 2560 (simulated)',
    kind: 'simulated',
    sensors: playedSensors,
    connect: { kind: 'avr-simulator', chip: 'atmega2560', upload: { kind: 'stk500v2', target: stk500boot } },
    description: 'A cycle-exact ATmega2560 at 16 MHz, flashed through its bootloader like a real Mega: needs no hardware.',
  },
];

const on328p = (id: string, name: string, description: string, target: ReturnType<typeof optiboot>, usb?: Board['usb']): Board => ({
  ...atmega328p,
  id,
  name,
  kind: 'hardware',
  flashBytes: target.applicationBytes === 32_256 ? unoFlash : nanoFlash,
  connect: { kind: 'port', baud, uploads: [{ kind: 'stk500v1', target }, byTool.avrdude('atmega328p', 'arduino', target.baud)] },
  ...(usb ? { usb, usbSource } : {}),
  description,
});

const on2560 = (id: string, name: string, usb: Board['usb']): Board => ({
  ...atmega2560,
  id,
  name,
  kind: 'hardware',
  connect: { kind: 'port', baud, uploads: [{ kind: 'stk500v2', target: stk500boot }, byTool.avrdude('atmega2560', 'wiring', stk500boot.baud)] },
  usb,
  usbSource,
  description: `An ${name} on a serial port, flashed through its bootloader.`,
});

const on32u4 = (id: string, name: string, fqbn: string, platformio: string, boot: number[], app: number[]): Board => ({
  ...atmega32u4,
  id,
  name,
  kind: 'hardware',
  project: { fqbn, platformio: { platform: 'atmelavr', board: platformio } },
  connect: { kind: 'port', baud, uploads: [{ kind: 'avr109', target: caterina, touch: true }] },
  usb: arduinoUsb(...app),
  bootUsb: arduinoUsb(...boot),
  usbSource,
  description: `An ${name} on its own USB; its bootloader is entered by a touch at 1200 baud.`,
});

/** Boards with a bridge chip of many makers have no USB ids. */
export const avrBoards: readonly Board[] = [
  on328p('uno', 'Arduino Uno', 'An Arduino Uno R3 on a serial port, flashed through its bootloader.', optiboot(115_200, 32_256), [
    ...arduinoUsb(0x0043),
    ...[0x0001, 0x0243, 0x006a].map((productId) => ({ vendorId: 0x2341, productId })),
  ]),
  on328p('nano', 'Arduino Nano', 'A Nano with the present bootloader (115,200 baud).', optiboot(115_200, 30_720)),
  on328p('nano-old', 'Arduino Nano (old bootloader)', 'A Nano made before 2018, and most copies: bootloader at 57,600 baud.', optiboot(57_600, 30_720)),
  on328p('ethernet', 'Arduino Ethernet', 'An Arduino Ethernet by a serial adapter.', optiboot(115_200, 32_256)),
  on328p('pro-mini', 'Arduino Pro Mini (5 V, 16 MHz)', 'A Pro or Pro Mini at 16 MHz by a serial adapter.', optiboot(57_600, 30_720)),
  on2560('mega', 'Arduino Mega 2560', [...arduinoUsb(0x0010, 0x0042), { vendorId: 0x2341, productId: 0x0210 }, { vendorId: 0x2341, productId: 0x0242 }]),
  on2560('mega-adk', 'Arduino Mega ADK', arduinoUsb(0x003f, 0x0044)),
  on32u4('leonardo', 'Arduino Leonardo', 'arduino:avr:leonardo', 'leonardo', [0x0036], [0x8036]),
  on32u4('micro', 'Arduino Micro', 'arduino:avr:micro', 'micro', [0x0037, 0x0237], [0x8037, 0x8237]),
  on32u4('esplora', 'Arduino Esplora', 'arduino:avr:esplora', 'esplora', [0x003c], [0x803c]),
];
