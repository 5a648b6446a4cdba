import type { Board, Sourced, UsbId } from '../board';
import { lsm6dsox, pdmMicrophone, playedSensors } from '../sensors';
import { byTool } from '../tool-uploads';
import type { Uf2Target } from '../uploads';

/**
 * Family ids: microsoft/uf2 90e9741f21, utils/uf2families.json: RP2040, RP2350_ARM_S. Board ids: INFO_UF2.TXT of the boot ROMs, of
 * the RP2350 in raspberrypi/pico-bootrom-rp2350 451edbcd76, src/nsboot/usb_virtual_disk.c: info_uf2_txt_defaults.
 */
const rp2040 = (applicationBytes: number): Uf2Target => ({ familyId: 0xe48bff56, boardIds: ['RPI-RP2'], startAddress: 0x10000000, applicationBytes });
const rp2350: Uf2Target = { familyId: 0xe48bff59, boardIds: ['RP2350'], startAddress: 0x10000000, applicationBytes: 4_194_304 };

const core = 'earlephilhower/arduino-pico 387294c5fe, boards.txt';
const pio = 'platformio/platform-raspberrypi 1275ac554a, boards';
const from = (value: number, source: string): Sourced => ({ value, source });
const raspberry = (...productIds: readonly number[]): UsbId[] => productIds.map((productId) => ({ vendorId: 0x2e8a, productId }));
/** The ROM's own drive. raspberrypi/usb-pid 538d7a2b97, Readme.md: RP2040 boot, and RP2350 boot below. */
const bootsel = raspberry(0x0003);

const chip2040 = { chip: 'RP2040', core: 'Cortex-M0+', isa: 'c99', chipFlags: [], port: 'arduino', toolchain: 'arduino', runTools: [] } as const;

export const picoSim: Board = {
  id: 'pico-sim',
  name: 'Raspberry Pi Pico (simulated)',
  kind: 'simulated',
  chip: 'RP2040',
  core: 'Cortex-M0+',
  isa: 'c99',
  clockHz: from(125_000_000, `${core}: rpipico.build.f_cpu`),
  flashBytes: from(2_097_152, `${core}: rpipico.menu.flash.2097152_0 (2 MiB on the board)`),
  ramBytes: from(262_144, `${core}: rpipico.upload.maximum_data_size (SRAM 0 to 3)`),
  toolchain: 'arm-none-eabi-gcc',
  chipFlags: ['-mcpu=cortex-m0plus', '-mthumb'],
  port: 'rp2040',
  runTools: [],
  connect: { kind: 'rp2040-simulator', target: rp2040(2_097_152) },
  sensors: playedSensors,
  description: 'A cycle-exact RP2040 at 125 MHz, flashed by a UF2 file: needs no hardware; slower than a real one.',
};

export const rp2Boards: readonly Board[] = [
  {
    ...chip2040,
    id: 'pico',
    name: 'Raspberry Pi Pico',
    kind: 'hardware',
    clockHz: from(125_000_000, `${core}: rpipico.build.f_cpu`),
    flashBytes: from(2_097_152, `${core}: rpipico.menu.flash.2097152_0`),
    ramBytes: from(262_144, `${core}: rpipico.upload.maximum_data_size`),
    project: { fqbn: 'rp2040:rp2040:rpipico', zephyr: 'rpi_pico' },
    connect: { kind: 'port', baud: 115_200, uploads: [{ kind: 'uf2', target: rp2040(2_097_152), touch: true }, byTool.picotool()] },
    usb: raspberry(0x000a, 0x010a, 0x400a, 0x410a, 0x00c0),
    bootUsb: bootsel,
    usbSource: `${core}: rpipico.vid.*, rpipico.pid.*; raspberrypi/usb-pid 538d7a2b97`,
    description: 'A Pico, flashed by copying a UF2 file to its drive.',
  },
  {
    id: 'pico-2',
    name: 'Raspberry Pi Pico 2',
    kind: 'hardware',
    chip: 'RP2350',
    core: 'Cortex-M33',
    isa: 'dsp',
    chipFlags: [],
    port: 'arduino',
    toolchain: 'arduino',
    runTools: [],
    clockHz: from(150_000_000, 'RP2350 datasheet, section 1: up to 150 MHz'),
    flashBytes: from(4_194_304, `${core}: rpipico2.menu.flash.4194304_0`),
    ramBytes: from(524_288, `${core}: rpipico2.upload.maximum_data_size (512 KiB of the chip's 520)`),
    project: { fqbn: 'rp2040:rp2040:rpipico2', zephyr: 'rpi_pico2/rp2350a/m33' },
    connect: { kind: 'port', baud: 115_200, uploads: [{ kind: 'uf2', target: rp2350, touch: true }, byTool.picotool()] },
    usb: raspberry(0x000f, 0x010f, 0x400f, 0x410f),
    bootUsb: raspberry(0x000f),
    usbSource: `${core}: rpipico2.vid.*, rpipico2.pid.*; raspberrypi/usb-pid 538d7a2b97`,
    description: 'A Pico 2 with its Arm cores, flashed by copying a UF2 file to its drive.',
  },
  {
    ...chip2040,
    id: 'xiao-rp2040',
    name: 'Seeed XIAO RP2040',
    kind: 'hardware',
    clockHz: from(125_000_000, `${core}: seeed_xiao_rp2040.build.f_cpu`),
    flashBytes: from(2_097_152, `${core}: seeed_xiao_rp2040.menu.flash.2097152_0`),
    ramBytes: from(262_144, `${core}: seeed_xiao_rp2040.upload.maximum_data_size`),
    project: { fqbn: 'rp2040:rp2040:seeed_xiao_rp2040' },
    connect: { kind: 'port', baud: 115_200, uploads: [{ kind: 'uf2', target: rp2040(2_097_152), touch: true }] },
    usb: raspberry(0x000a),
    bootUsb: bootsel,
    usbSource: `${core}: seeed_xiao_rp2040.vid.*, seeed_xiao_rp2040.pid.*`,
    description: 'A XIAO RP2040, flashed by copying a UF2 file to its drive.',
  },
  {
    ...chip2040,
    id: 'nano-rp2040',
    name: 'Arduino Nano RP2040 Connect',
    kind: 'hardware',
    clockHz: from(125_000_000, 'arduino/ArduinoCore-mbed b4ad4e7218, boards.txt: nanorp2040connect.build.f_cpu'),
    flashBytes: from(16_777_216, 'arduino/ArduinoCore-mbed b4ad4e7218, boards.txt: nanorp2040connect.upload.maximum_size'),
    ramBytes: from(270_336, `${pio}/nanorp2040connect.json: upload.maximum_ram_size`),
    project: { fqbn: 'arduino:mbed_nano:nanorp2040connect', platformio: { platform: 'raspberrypi', board: 'nanorp2040connect' } },
    connect: { kind: 'port', baud: 115_200, uploads: [{ kind: 'uf2', target: rp2040(16_777_216), touch: true }] },
    sensors: [lsm6dsox, pdmMicrophone('MP34DT06JTR')],
    usb: [0x005e, 0x805e, 0x015e, 0x025e].map((productId) => ({ vendorId: 0x2341, productId })),
    usbSource: 'arduino/ArduinoCore-mbed b4ad4e7218, boards.txt: nanorp2040connect.vid.*, nanorp2040connect.pid.*',
    bootUsb: bootsel,
    description: 'A Nano RP2040 Connect, flashed by copying a UF2 file to its drive.',
  },
];
