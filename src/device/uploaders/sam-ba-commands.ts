import type { Exchange } from './exchange';

/**
 * SAM-BA: commands are letters with hexadecimal arguments, ended by '#'. Source: Microchip, "SAM-BA Overview and Customization
 * Process" (AT09423), table 3-1; the extensions I (chip), K (reset), X (erase), Y (write from a buffer) and Z (check sum) are those
 * that Arduino's bootloaders announce in their version as "[Arduino:IKXYZ]".
 */
const ANSWER_TIMEOUT_MS = 3000;
const ERASE_TIMEOUT_MS = 20_000;
/** Bytes read back at once: no power of two, which some of these bootloaders get wrong over USB. */
const READ_BYTES = 1000;
/** The end of a command reaches the chip before the bytes that follow it: sent in one USB packet they get lost. */
const APART_MS = 5;
/** Arduino's bootloader of the nRF52840 sends a zero and a stray byte behind its texts: they come at once with them, or not at all. */
const QUIET_MS = 30;
const LONGEST_TEXT = 200;
/** Application interrupt and reset control register, key and "system reset request". Armv6-M and v7-M Reference Manuals, B3.2. */
const AIRCR = 0xe000ed0c;
const RESET_REQUEST = 0x05fa0004;

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0').toUpperCase();
const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
export const bytesOfText = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export class SamBaCommands {
  constructor(private readonly exchange: Exchange) {}

  /** One line of text: 'V' for the version, 'I' for the chip. */
  async ask(step: string, letter: 'V' | 'I'): Promise<string> {
    await this.send(step, `${letter}#`);
    let text = '';
    while (!text.endsWith('\n\r')) {
      if (text.length > LONGEST_TEXT) throw this.exchange.badAnswer(step, bytesOfText(text));
      text += ascii(await this.exchange.read(step, 1, ANSWER_TIMEOUT_MS));
    }
    await this.exchange.pause(QUIET_MS);
    this.exchange.discard();
    return text.trim();
  }

  async readWord(step: string, address: number): Promise<number> {
    await this.send(step, `w${hex(address)},4#`);
    const [a, b, c, d] = await this.exchange.read(step, 4, ANSWER_TIMEOUT_MS);
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }

  async read(address: number, count: number): Promise<Uint8Array> {
    const found = new Uint8Array(count);
    for (let at = 0; at < count; at += READ_BYTES) {
      const step = `reading back at ${address + at}`;
      const bytes = Math.min(READ_BYTES, count - at);
      await this.send(step, `R${hex(address + at)},${hex(bytes)}#`);
      found.set(await this.exchange.read(step, bytes, ANSWER_TIMEOUT_MS), at);
    }
    return found;
  }

  /** Everything from an address on. */
  erase(address: number): Promise<void> {
    return this.confirm('erasing', `X${hex(address)}#`, 'X', ERASE_TIMEOUT_MS);
  }

  /** Through the buffer at `bufferAddress` into the flash. */
  async write(bufferAddress: number, address: number, bytes: Uint8Array): Promise<void> {
    const step = `writing at ${address}`;
    await this.send(step, `S${hex(bufferAddress)},${hex(bytes.length)}#`);
    await this.exchange.pause(APART_MS);
    await this.exchange.send(step, bytes);
    await this.confirm(step, `Y${hex(bufferAddress)},0#`, 'Y');
    await this.confirm(step, `Y${hex(address)},${hex(bytes.length)}#`, 'Y');
  }

  /** CRC-16/XMODEM of what lies in flash (arduino/BOSSA, src/Samba.cpp, crc16Calc); `undefined` where the bootloader does not answer: some announce it without having it. */
  async checkSum(address: number, count: number): Promise<number | undefined> {
    const step = `computing the check sum at ${address}`;
    await this.send(step, `Z${hex(address)},${hex(count)}#`);
    const answer = await this.exchange.tryRead(step, 12, ANSWER_TIMEOUT_MS);
    if (!answer) {
      const some = this.exchange.discard();
      if (some.length) throw this.exchange.badAnswer(step, some);
      return undefined;
    }
    const digits = /^Z([0-9a-f]{8})#\n\r$/i.exec(ascii(answer));
    if (!digits) throw this.exchange.badAnswer(step, answer);
    return parseInt(digits[1], 16);
  }

  reset(): Promise<void> {
    return this.send('starting the firmware', 'K#');
  }

  /** By the register of the processor, where memory can be written. */
  resetByRegister(): Promise<void> {
    return this.send('starting the firmware', `W${hex(AIRCR)},${hex(RESET_REQUEST)}#`);
  }

  private send(step: string, command: string): Promise<void> {
    return this.exchange.send(step, bytesOfText(command));
  }

  private async confirm(step: string, command: string, letter: string, timeoutMs = ANSWER_TIMEOUT_MS): Promise<void> {
    await this.send(step, command);
    const received = await this.exchange.read(step, 3, timeoutMs);
    if (ascii(received) !== `${letter}\n\r`) throw this.exchange.badAnswer(step, received);
  }
}
