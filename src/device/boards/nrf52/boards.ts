import type { Board, Sourced } from '../board';
import { lsm6ds3tr, pdmMicrophone } from '../sensors';
import { byTool } from '../tool-uploads';

const pio = 'platformio/platform-nordicnrf52 2f3649dded, boards/nrf52840_dk.json';
const from = (value: number, source: string): Sourced => ({ value, source });
const common = { chip: 'nRF52840', core: 'Cortex-M4F', isa: 'dsp', kind: 'hardware', toolchain: 'arduino', chipFlags: [], port: 'arduino', runTools: [] } as const;

export const nrf52Boards: readonly Board[] = [
  {
    ...common,
    id: 'nrf52840-dk',
    name: 'Nordic nRF52840 DK',
    clockHz: from(64_000_000, `${pio}: build.f_cpu`),
    flashBytes: from(1_048_576, `${pio}: upload.maximum_size`),
    ramBytes: from(262_144, `${pio}: upload.maximum_ram_size`),
    // Zephyr 4: boards/nordic/nrf52840dk, boards/seeed/xiao_ble.
    project: { platformio: { platform: 'nordicnrf52', board: 'nrf52840_dk' }, zephyr: 'nrf52840dk/nrf52840' },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [
        { kind: 'mass-storage', target: { labels: ['JLINK'], startAddress: 0, applicationBytes: 1_048_576 } },
        byTool.probeRs('nRF52840_xxAA'),
        byTool.west(),
      ],
    },
    // SEGGER J-Link OB with a drive and a serial port, in its two present forms.
    usb: [{ vendorId: 0x1366, productId: 0x1015 }, { vendorId: 0x1366, productId: 0x1051 }],
    usbSource: 'Reports of users: see what is not verified',
    unverified: ['Drive label JLINK, and USB ids 1366:1015 and 1366:1051: as users report them; no source of SEGGER\'s or Nordic\'s was found.'],
    description: 'An nRF52840 DK, flashed by copying the image to the drive of its J-Link.',
  },
  {
    ...common,
    id: 'xiao-nrf52840',
    name: 'Seeed XIAO nRF52840 (Sense)',
    clockHz: from(64_000_000, 'nRF52840 product specification 1.7, section 4.1: 64 MHz'),
    flashBytes: from(811_008, 'Seeed-Studio/Adafruit_nRF52_Arduino 6134adad96, boards.txt: xiaonRF52840.upload.maximum_size (bootloader and SoftDevice taken off)'),
    ramBytes: from(237_568, 'Seeed-Studio/Adafruit_nRF52_Arduino 6134adad96, boards.txt: xiaonRF52840.upload.maximum_data_size'),
    project: { fqbn: 'Seeeduino:nrf52:xiaonRF52840Sense', zephyr: 'xiao_ble/nrf52840/sense' },
    // Family id: microsoft/uf2 90e9741f21, utils/uf2families.json: NRF52840. Board ids: adafruit/Adafruit_nRF52_Bootloader 48a149ffcb,
    // src/boards/xiao_nrf52840_ble and xiao_nrf52840_ble_sense, board.h: UF2_BOARD_ID; up to its commit aac5736 the second form.
    connect: { kind: 'port', baud: 115_200, uploads: [{ kind: 'uf2', touch: true, target: { familyId: 0xada52840, boardIds: ['nRF52840-SeeedXiao', 'Seeed_XIAO_nRF52840'], startAddress: 0x27000, applicationBytes: 811_008 } }] },
    // The Sense alone has them.
    sensors: [lsm6ds3tr, pdmMicrophone('MSM261D3526H1CPM')],
    // Plain and Sense.
    usb: [{ vendorId: 0x2886, productId: 0x8044 }, { vendorId: 0x2886, productId: 0x8045 }],
    bootUsb: [{ vendorId: 0x2886, productId: 0x0044 }, { vendorId: 0x2886, productId: 0x0045 }],
    usbSource: 'Seeed-Studio/Adafruit_nRF52_Arduino 6134adad96, boards.txt: xiaonRF52840.pid.*, xiaonRF52840Sense.pid.*',
    description: 'A XIAO nRF52840, flashed by copying a UF2 file to its drive.',
  },
];
