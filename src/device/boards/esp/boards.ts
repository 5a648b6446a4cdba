import type { Board, Isa, Sourced, UsbId } from '../board';
import { byTool } from '../tool-uploads';

/** Chips of Espressif. Clock, RAM and flash: platformio/platform-espressif32 4ed1943187 and platform-espressif8266 02032565, boards/<board>.json (build.f_cpu, upload.maximum_ram_size, upload.maximum_size). */
interface Row {
  readonly id: string;
  readonly name: string;
  /** As the chip names itself to esptool. */
  readonly chip: string;
  readonly core: string;
  readonly isa: Isa;
  readonly mhz: number;
  readonly ramBytes: number;
  readonly flashBytes: number;
  readonly fqbn: string;
  readonly pio: string;
  readonly usb?: readonly UsbId[];
  /** Of the loader in RAM; the recommended speed of the board's upload tool. */
  readonly fastBaud?: number;
}

const ID_CP210X: UsbId = { vendorId: 0x10c4, productId: 0xea60 };
const ID_CH340: UsbId = { vendorId: 0x1a86, productId: 0x7523 };
/** The USB serial and JTAG unit inside the chip. */
const ID_NATIVE: UsbId = { vendorId: 0x303a, productId: 0x1001 };

const rows: readonly Row[] = [
  { id: 'esp32', name: 'ESP32 DevKit', chip: 'ESP32', core: 'Xtensa LX6', isa: 'c99', mhz: 240, ramBytes: 327_680, flashBytes: 4_194_304, fqbn: 'esp32:esp32:esp32', pio: 'esp32dev', usb: [ID_CP210X, ID_CH340] },
  { id: 'esp32-s2', name: 'ESP32-S2 Saola', chip: 'ESP32-S2', core: 'Xtensa LX7', isa: 'c99', mhz: 240, ramBytes: 327_680, flashBytes: 4_194_304, fqbn: 'esp32:esp32:esp32s2', pio: 'esp32-s2-saola-1', usb: [ID_CP210X] },
  { id: 'esp32-s3', name: 'ESP32-S3 DevKitC', chip: 'ESP32-S3', core: 'Xtensa LX7', isa: 'c99', mhz: 240, ramBytes: 327_680, flashBytes: 8_388_608, fqbn: 'esp32:esp32:esp32s3', pio: 'esp32-s3-devkitc-1', usb: [ID_NATIVE, ID_CP210X] },
  { id: 'esp32-c3', name: 'ESP32-C3 DevKitM', chip: 'ESP32-C3', core: 'RV32IMC', isa: 'c99', mhz: 160, ramBytes: 327_680, flashBytes: 4_194_304, fqbn: 'esp32:esp32:esp32c3', pio: 'esp32-c3-devkitm-1', usb: [ID_NATIVE, ID_CP210X] },
  { id: 'esp32-c6', name: 'ESP32-C6 DevKitC', chip: 'ESP32-C6', core: 'RV32IMAC', isa: 'c99', mhz: 160, ramBytes: 327_680, flashBytes: 8_388_608, fqbn: 'esp32:esp32:esp32c6', pio: 'esp32-c6-devkitc-1', usb: [ID_NATIVE, ID_CP210X] },
  { id: 'esp8266', name: 'NodeMCU (ESP8266)', chip: 'ESP8266', core: 'Xtensa L106', isa: 'c99', mhz: 80, ramBytes: 81_920, flashBytes: 4_194_304, fqbn: 'esp8266:esp8266:nodemcuv2', pio: 'nodemcuv2', usb: [ID_CP210X, ID_CH340], fastBaud: 115_200 },
  { id: 'xiao-esp32c3', name: 'Seeed XIAO ESP32C3', chip: 'ESP32-C3', core: 'RV32IMC', isa: 'c99', mhz: 160, ramBytes: 327_680, flashBytes: 4_194_304, fqbn: 'esp32:esp32:XIAO_ESP32C3', pio: 'seeed_xiao_esp32c3', usb: [{ vendorId: 0x2886, productId: 0x0046 }, ID_NATIVE] },
  { id: 'xiao-esp32s3', name: 'Seeed XIAO ESP32S3', chip: 'ESP32-S3', core: 'Xtensa LX7', isa: 'c99', mhz: 240, ramBytes: 327_680, flashBytes: 8_388_608, fqbn: 'esp32:esp32:XIAO_ESP32S3', pio: 'seeed_xiao_esp32s3', usb: [{ vendorId: 0x2886, productId: 0x0056 }, { vendorId: 0x2886, productId: 0x8056 }] },
];

export const espBoards: readonly Board[] = rows.map(({ id, name, chip, core, isa, mhz, ramBytes, flashBytes, fqbn, pio, usb, fastBaud = 460_800 }) => {
  const platform = chip === 'ESP8266' ? 'espressif8266' : 'espressif32';
  const commit = chip === 'ESP8266' ? '02032565' : '4ed1943187';
  const from = (value: number, key: string): Sourced => ({ value, source: `platformio/platform-${platform} ${commit}, boards/${pio}.json: ${key}` });
  return {
    id, name, chip, core, isa, usb,
    usbSource: name.includes('XIAO')
      ? `platformio/platform-${platform} ${commit}, boards/${pio}.json: build.hwids`
      : 'Linux, drivers/usb/serial/cp210x.c and ch341.c: id_table; platformio/platform-espressif32, boards/seeed_xiao_esp32c3.json: build.hwids (303a:1001)',
    kind: 'hardware',
    clockHz: from(mhz * 1e6, 'build.f_cpu'),
    flashBytes: from(flashBytes, 'upload.maximum_size'),
    ramBytes: from(ramBytes, 'upload.maximum_ram_size'),
    toolchain: 'arduino',
    chipFlags: [],
    port: 'arduino',
    runTools: [],
    project: { fqbn, platformio: { platform, board: pio }, ...(chip === 'ESP8266' ? {} : { idf: { target: chip.toLowerCase().replace('-', ''), console: usb?.[0] === ID_NATIVE || name.includes('XIAO') ? ('usb' as const) : ('uart' as const) } }) },
    connect: {
      kind: 'port',
      baud: 115_200,
      uploads: [
        { kind: 'esp', target: { chip, baud: 115_200, fastBaud } },
        byTool.arduinoCli(fqbn),
        byTool.platformio(),
        ...(chip === 'ESP8266' ? [] : [byTool.idf()]),
      ],
    },
    description: `A ${name} on a serial port, flashed through the bootloader in its ROM.`,
  };
});
