import type { Board, Sourced, UsbId } from '../board';
import { bmi270, lsm9ds1, pdmMicrophone } from '../sensors';
import { byTool } from '../tool-uploads';
import type { SamBaTarget } from '../uploads';

const mbed = 'arduino/ArduinoCore-mbed b4ad4e7218, boards.txt';
const renesas = 'arduino/ArduinoCore-renesas 99f8ee4061, boards.txt';
const samd = 'platformio/platform-atmelsam 1c15f3aa85, boards/seeed_xiao.json';
const from = (value: number, source: string): Sourced => ({ value, source });
const arduino = (...productIds: readonly number[]): UsbId[] => productIds.map((productId) => ({ vendorId: 0x2341, productId }));

/**
 * Bootloaders of these two boards speak one dialect: commands I, K, N, S, V, X, Y and (not all) Z, no access to memory; pages of
 * 4096 bytes go through a buffer of 8192 and are erased as they are written; both say they are an "nRF52840-QIAA", so only their
 * USB ids tell them apart. Sources: arduino/ArduinoCore-mbed b4ad4e7218, bootloaders/nano33ble/bootloader.elf, function main
 * (disassembled; it adds 0x10000 to each address); arduino/arduino-renesas-bootloader 3d234b2d43, src/bossa.c (adds 16 KiB;
 * 230,400 baud; the build shipped with ArduinoCore-renesas 99f8ee4061 does not know Z); arduino/BOSSA 89f3556a76 (branch nrf),
 * src/Device.cpp and Samba.cpp.
 */
const samBa = (baud: number, startAddress: number, endAddress: number, usb: readonly UsbId[]): SamBaTarget => ({
  baud, startAddress,
  applicationBytes: endAddress - startAddress,
  bufferAddress: 0,
  bufferBytes: 4096,
  relative: true,
  chipId: { kind: 'name', name: 'nRF52840-QIAA', usb },
});
/** The bootloader of the Nano, and the bridge chip of the UNO, which stays. ArduinoCore-mbed and -renesas, boards.txt: upload_port. */
const nano33Boot = arduino(0x005a, 0x015a);
const unoR4Bridge = arduino(0x1002, 0x006d);
const build = { chipFlags: [], port: 'arduino', toolchain: 'arduino', runTools: [], kind: 'hardware' } as const;

export const arduinoArmBoards: readonly Board[] = [
  {
    ...build,
    id: 'nano-33-ble',
    name: 'Arduino Nano 33 BLE (Sense)',
    chip: 'nRF52840',
    core: 'Cortex-M4F',
    isa: 'dsp',
    clockHz: from(64_000_000, `${mbed}: nano33ble.build.f_cpu`),
    flashBytes: from(983_040, `${mbed}: nano33ble.upload.maximum_size`),
    ramBytes: from(262_144, `${mbed}: nano33ble.upload.maximum_data_size`),
    project: { fqbn: 'arduino:mbed_nano:nano33ble', platformio: { platform: 'nordicnrf52', board: 'nano33ble' } },
    connect: { kind: 'port', baud: 115_200, uploads: [{ kind: 'sam-ba', touch: true, target: samBa(921_600, 0x10000, 0x100000, nano33Boot) }, byTool.arduinoCli('arduino:mbed_nano:nano33ble')] },
    // The Sense alone has them; its two revisions have different accelerometers.
    sensors: [lsm9ds1, bmi270, pdmMicrophone('MP34DT05 or MP34DT06')],
    usb: arduino(0x805a, 0x025a),
    bootUsb: nano33Boot,
    usbSource: `${mbed}: nano33ble.vid.*, nano33ble.pid.*`,
    description: 'A Nano 33 BLE, flashed through its bootloader, which is entered by a touch at 1200 baud.',
  },
  {
    ...build,
    id: 'portenta-h7',
    name: 'Arduino Portenta H7 (M7 core)',
    chip: 'STM32H747',
    core: 'Cortex-M7',
    isa: 'dsp',
    clockHz: from(480_000_000, `${mbed}: envie_m7.build.f_cpu`),
    flashBytes: from(786_432, `${mbed}: envie_m7.menu.split.50_50.upload.maximum_size`),
    ramBytes: from(523_624, `${mbed}: envie_m7.upload.maximum_data_size`),
    project: { fqbn: 'arduino:mbed_portenta:envie_m7', platformio: { platform: 'ststm32', board: 'portenta_h7_m7' } },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [
        byTool.arduinoCli('arduino:mbed_portenta:envie_m7'),
        byTool.dfuUtil('0x2341:0x035b', '--dfuse-address=0x08040000:leave'),
      ],
    },
    usb: arduino(0x025b, 0x045b, 0x055b),
    bootUsb: arduino(0x035b),
    usbSource: `${mbed}: envie_m7.vid.*, envie_m7.pid.*`,
    description: 'A Portenta H7, flashed with arduino-cli or dfu-util.',
  },
  {
    ...build,
    id: 'uno-r4-minima',
    name: 'Arduino UNO R4 Minima',
    chip: 'RA4M1',
    core: 'Cortex-M4F',
    isa: 'dsp',
    clockHz: from(48_000_000, `${renesas}: minima.build.f_cpu`),
    flashBytes: from(262_144 - 0x4000, `${renesas}: minima.upload.maximum_size, less 16 KiB of bootloader (variants/MINIMA/memory_regions.ld: FLASH_IMAGE_START)`),
    ramBytes: from(32_768, `${renesas}: minima.upload.maximum_data_size`),
    project: { fqbn: 'arduino:renesas_uno:minima', platformio: { platform: 'renesas-ra', board: 'uno_r4_minima' } },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [byTool.arduinoCli('arduino:renesas_uno:minima'), byTool.dfuUtil('0x2341:0x0369', '-Q')],
    },
    usb: arduino(0x0069),
    bootUsb: arduino(0x0369),
    usbSource: `${renesas}: minima.vid.*, minima.pid.*`,
    description: 'An UNO R4 Minima, flashed with arduino-cli or dfu-util.',
  },
  {
    ...build,
    id: 'uno-r4-wifi',
    name: 'Arduino UNO R4 WiFi',
    chip: 'RA4M1',
    core: 'Cortex-M4F',
    isa: 'dsp',
    clockHz: from(48_000_000, `${renesas}: unor4wifi.build.f_cpu`),
    flashBytes: from(262_144 - 0x4000, `${renesas}: unor4wifi.upload.maximum_size, less 16 KiB of bootloader (variants/UNOWIFIR4/memory_regions.ld: FLASH_IMAGE_START)`),
    ramBytes: from(32_768, `${renesas}: unor4wifi.upload.maximum_data_size`),
    project: { fqbn: 'arduino:renesas_uno:unor4wifi', platformio: { platform: 'renesas-ra', board: 'uno_r4_wifi' } },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [{ kind: 'sam-ba', touch: true, staysOnPort: true, target: samBa(230_400, 0x4000, 0x40000, unoR4Bridge) }, byTool.arduinoCli('arduino:renesas_uno:unor4wifi')],
    },
    usb: unoR4Bridge,
    usbSource: `${renesas}: unor4wifi.vid.*, unor4wifi.pid.*`,
    description: 'An UNO R4 WiFi, flashed through its bootloader behind the bridge chip, which is entered by a touch at 1200 baud.',
  },
  {
    ...build,
    id: 'xiao-samd21',
    name: 'Seeed XIAO SAMD21',
    chip: 'ATSAMD21G18',
    core: 'Cortex-M0+',
    isa: 'c99',
    clockHz: from(48_000_000, `${samd}: build.f_cpu`),
    flashBytes: from(262_144 - 0x2000, `${samd}: upload.maximum_size, less 8 KiB of bootloader (upload.offset_address)`),
    ramBytes: from(32_768, `${samd}: upload.maximum_ram_size`),
    project: { fqbn: 'Seeeduino:samd:seeed_XIAO_m0', platformio: { platform: 'atmelsam', board: 'seeed_xiao' } },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [
        {
          kind: 'sam-ba',
          touch: true,
          // Both from shumatech/BOSSA, src/Device.cpp: for an ATSAMD21x18 it takes RAM from 0x20004000 up to its stack at 0x20008000, so a buffer within; ids (DSU.DID, revision masked) of G18A, J18A and E18A.
          target: { baud: 921_600, startAddress: 0x2000, applicationBytes: 0x40000 - 0x2000, bufferAddress: 0x20005000, bufferBytes: 4096, chipId: { kind: 'register', address: 0x41002018, mask: 0xffff00ff, values: [0x10010005, 0x10010000, 0x1001000a] } },
        },
      ],
    },
    usb: [{ vendorId: 0x2886, productId: 0x802f }],
    bootUsb: [{ vendorId: 0x2886, productId: 0x002f }],
    usbSource: `${samd}: build.hwids`,
    description: 'A XIAO SAMD21 on its own USB; its bootloader is entered by a touch at 1200 baud.',
  },
];
