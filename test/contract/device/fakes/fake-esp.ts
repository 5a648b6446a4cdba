import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { FakeDevice, Send } from './fake-device';

const END = 0xc0;
const ESCAPE = 0xdb;

interface ChipData {
  readonly magic: number;
  /** What GET_SECURITY_INFO tells; null where the ROM does not know that command, undefined where its answer has no id. */
  readonly chipId: number | null | undefined;
  readonly spi: number;
  readonly w0: number;
}

/**
 * Registers that a client reads to know the chip: magic value at 0x40001000, security information, SPI flash controller.
 * Sources: esptool-js 0.7.0, src/targets; Espressif, "Serial Protocol" of esptool's documentation.
 */
const chips: Readonly<Record<string, ChipData>> = {
  ESP8266: { magic: 0xfff0c101, chipId: null, spi: 0x60000200, w0: 0x40 },
  ESP32: { magic: 0x00f01d83, chipId: null, spi: 0x3ff42000, w0: 0x80 },
  'ESP32-S2': { magic: 0x000007c6, chipId: undefined, spi: 0x3f402000, w0: 0x58 },
  'ESP32-S3': { magic: 0x00000009, chipId: 9, spi: 0x60002000, w0: 0x58 },
  'ESP32-C3': { magic: 0x1b31506f, chipId: 5, spi: 0x60002000, w0: 0x58 },
  'ESP32-C6': { magic: 0x2ce0806f, chipId: 13, spi: 0x60003000, w0: 0x58 },
};
const FLASH_BYTES = 4 << 20;
const FLASH_ID = 0x164020; // 4 MiB
const MAGIC_REGISTER = 0x40001000;
const SPI_EXECUTE = 1 << 18;

/**
 * An Espressif chip with its ROM bootloader, the loader that a client uploads (taken as soon as it is started), flash, and the
 * reset circuit of development boards: two transistors, so that EN is low with RTS alone and IO0 with DTR alone.
 */
export class FakeEsp implements FakeDevice {
  started = false;
  readonly memory = Buffer.alloc(FLASH_BYTES, 0xff);
  /** Operation codes in the order they came. */
  readonly operations: number[] = [];
  readonly bauds: number[] = [];
  private readonly chip: ChipData;
  private readonly registers = new Map<number, number>();
  private stub = false;
  private mode: 'app' | 'download' = 'app';
  private lines = { dtr: false, rts: false };
  private packet: number[] | undefined;
  private escaped = false;
  private load = { begin: 0, bytes: 0 };
  private write: { at: number; size: number; block: number; blocks: number; compressed: boolean; next: number; parts: Buffer[] } | undefined;

  constructor(private readonly send: Send, readonly name = 'ESP32', private readonly options: { readonly lose?: readonly number[] } = {}) {
    this.chip = chips[name];
    this.registers.set(MAGIC_REGISTER, this.chip.magic);
  }

  get flash(): ReadonlyMap<number, number> {
    const found = new Map<number, number>();
    for (let i = 0; i < 0x40000; i++) if (this.memory[i] !== 0xff) found.set(i, this.memory[i]);
    return found;
  }

  signals(lines: { readonly dtr: boolean; readonly rts: boolean }): void {
    const running = (l: typeof lines): boolean => !(l.rts && !l.dtr);
    const was = running(this.lines);
    this.lines = { ...lines };
    if (!was && running(lines)) setTimeout(() => this.boot(this.lines.dtr && !this.lines.rts), 1); // EN rises slowly, IO0 is read after it
  }

  receive(bytes: Uint8Array): void {
    if (this.mode !== 'download') return;
    for (const byte of bytes) {
      if (byte === END) {
        if (this.packet?.length) this.take(Buffer.from(this.packet));
        this.packet = [];
      } else if (!this.packet) continue;
      else if (this.escaped) {
        this.packet.push(byte === 0xdc ? END : ESCAPE);
        this.escaped = false;
      } else if (byte === ESCAPE) this.escaped = true;
      else this.packet.push(byte);
    }
  }

  private boot(download: boolean): void {
    this.stub = false;
    this.packet = undefined;
    this.mode = download ? 'download' : 'app';
    const reason = download ? 'boot:0x3 (DOWNLOAD_BOOT(UART0))\r\nwaiting for download\r\n' : 'boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n';
    this.send(Buffer.from(`ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),${reason}`));
    this.started = !download && this.memory.some((byte) => byte !== 0xff);
  }

  private reply(operation: number, { value = 0, data = Buffer.alloc(0), status = 0, error = 0 } = {}): void {
    // the ROM of the first chips and the loader end with two bytes of status, later ROMs with four
    const short = this.stub || this.name === 'ESP8266';
    const body = Buffer.concat([data, short ? Buffer.from([status, error]) : Buffer.from([status, error, 0, 0])]);
    const head = Buffer.alloc(8);
    head[0] = 1;
    head[1] = operation;
    head.writeUInt16LE(body.length, 2);
    head.writeUInt32LE(value >>> 0, 4);
    this.frame(Buffer.concat([head, body]));
  }

  private frame(packet: Buffer): void {
    const out = [END];
    for (const byte of packet) {
      if (byte === END) out.push(ESCAPE, 0xdc);
      else if (byte === ESCAPE) out.push(ESCAPE, 0xdd);
      else out.push(byte);
    }
    this.send(Uint8Array.from([...out, END]));
  }

  private take(packet: Buffer): void {
    if (packet[0] !== 0 || packet.length < 8) return;
    const operation = packet[1];
    const data = packet.subarray(8);
    this.operations.push(operation);
    if (this.options.lose?.includes(this.operations.length)) return;
    if (packet.readUInt16LE(2) !== data.length) return this.reply(operation, { status: 1, error: 5 });
    const word = (i: number): number => data.readUInt32LE(4 * i);
    const sound = (): boolean => data.subarray(16, 16 + word(0)).reduce((a, b) => a ^ b, 0xef) === (packet.readUInt32LE(4) & 0xff);
    this.execute(operation, word, data, sound);
  }

  private execute(operation: number, word: (i: number) => number, data: Buffer, sound: () => boolean): void {
    switch (operation) {
      case 0x08: // synchronise: eight answers
        for (let i = 0; i < 8; i++) this.reply(operation, { value: this.stub ? 0 : 0x20120707 });
        return;
      case 0x0a:
        return this.reply(operation, { value: this.registers.get(word(0)) ?? 0 });
      case 0x09:
        this.registers.set(word(0), word(1));
        if (word(0) === this.chip.spi && word(1) & SPI_EXECUTE) {
          this.registers.set(word(0), 0);
          this.registers.set(this.chip.spi + this.chip.w0, FLASH_ID);
        }
        return this.reply(operation);
      case 0x0b:
      case 0x0d:
        return this.reply(operation);
      case 0x0f:
        this.bauds.push(word(0));
        return this.reply(operation);
      case 0x14:
        return this.securityInfo(operation);
      case 0x05:
        this.load = { begin: word(3), bytes: 0 };
        return this.reply(operation);
      case 0x07:
        if (!sound()) return this.reply(operation, { status: 1, error: 7 });
        this.load.bytes += word(0);
        return this.reply(operation);
      case 0x06:
        this.reply(operation);
        if (word(0) === 0 && this.load.bytes > 0) {
          this.stub = true;
          setTimeout(() => this.frame(Buffer.from('OHAI')), 2);
        }
        return;
      default:
        return this.flashOperation(operation, word, data, sound);
    }
  }

  private flashOperation(operation: number, word: (i: number) => number, data: Buffer, sound: () => boolean): void {
    switch (operation) {
      case 0x02:
      case 0x10:
        this.write = { size: word(0), blocks: word(1), block: word(2), at: word(3), compressed: operation === 0x10, next: 0, parts: [] };
        if ((!this.stub && word(2) > 0x4000) || word(3) + word(0) > FLASH_BYTES) return this.reply(operation, { status: 1, error: 6 });
        this.memory.fill(0xff, word(3) & ~4095, (word(3) + word(0) + 4095) & ~4095);
        return this.reply(operation);
      case 0x03:
      case 0x11:
        return this.block(operation, word(0), word(1), data.subarray(16, 16 + word(0)), sound());
      case 0x04:
      case 0x12:
        return this.reply(operation);
      case 0x13: {
        const hash = createHash('md5').update(this.memory.subarray(word(0), word(0) + word(1))).digest();
        return this.reply(operation, { data: this.stub ? hash : Buffer.from(hash.toString('hex')) });
      }
      default:
        for (let i = 0; i < 8; i++) this.reply(0, { status: 1, error: 5 });
    }
  }

  private block(operation: number, _count: number, sequence: number, bytes: Buffer, sound: boolean): void {
    const { write } = this;
    if (!write || !sound || (sequence !== write.next && sequence !== write.next - 1)) return this.reply(operation, { status: 1, error: 7 });
    if (sequence === write.next) {
      write.next++;
      if (write.compressed) write.parts.push(Buffer.from(bytes));
      else bytes.copy(this.memory, write.at + sequence * write.block);
      if (write.compressed && write.next === write.blocks) inflateSync(Buffer.concat(write.parts)).copy(this.memory, write.at);
    }
    this.reply(operation);
  }

  private securityInfo(operation: number): void {
    const { chipId } = this.chip;
    if (chipId === null) {
      for (let i = 0; i < 8; i++) this.reply(0, { status: 1, error: 5 }); // an unknown command: repeated, under no name
      return;
    }
    const info = Buffer.alloc(chipId === undefined ? 12 : 20);
    if (chipId !== undefined) info.writeUInt32LE(chipId, 12);
    this.reply(operation, { data: info });
  }
}
