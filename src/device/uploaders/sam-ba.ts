import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { SamBaTarget } from '../boards/uploads';
import type { ByteLink } from '../transports/link';
import { advice } from './advice';
import { type Exchange, overExchange } from './exchange';
import type { ImageSegment } from './intel-hex';
import { bytesOfPages, pagesOf, type Page } from './pages';
import * as problems from './problems';

/**
 * SAM-BA: commands are letters with hexadecimal arguments, ended by '#'. Source: Microchip, "SAM-BA Overview and Customization
 * Process" (AT09423), table 3-1; the extensions X (erase), Y (write from RAM) are those that Arduino's bootloaders announce in
 * their version as "[Arduino:XYZ]".
 */
const ATTEMPTS = 4;
const ATTEMPT_TIMEOUT_MS = 500;
const ANSWER_TIMEOUT_MS = 3000;
const ERASE_TIMEOUT_MS = 20_000;
/** Bytes read back at once: no power of two, which some of these bootloaders get wrong over USB. */
const READ_BYTES = 1000;
/** Application interrupt and reset control register, key and "system reset request". Armv6-M and v7-M Reference Manuals, B3.2. */
const AIRCR = 0xe000ed0c;
const RESET_REQUEST = 0x05fa0004;

const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0').toUpperCase();
const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Writes an image through a SAM-BA bootloader that has been entered already, reads it back, compares, and restarts the chip. */
export async function uploadSamBa(link: ByteLink, image: readonly ImageSegment[], chip: string, target: SamBaTarget, task: Task): Promise<void> {
  const pages = pagesOf(image, { ...target, pageBytes: target.bufferBytes });
  await overExchange(link, task, advice.samBa, (exchange) => new Uploader(exchange, chip, target).upload(pages));
}

class Uploader {
  constructor(
    private readonly exchange: Exchange,
    private readonly chip: string,
    private readonly target: SamBaTarget,
  ) {}

  async upload(pages: readonly Page[]): Promise<void> {
    const { exchange, target } = this;
    const total = bytesOfPages(pages);
    const version = await this.begin();
    const extensions = /\[Arduino:(\w+)\]/.exec(version)?.[1] ?? '';
    if (!extensions.includes('X') || !extensions.includes('Y')) {
      throw new ProblemError(problems.refused(exchange.name, 'writing by its buffer', `Its version is "${version.trim()}", without the extensions X and Y.`));
    }
    await this.checkChip();
    exchange.progress('Erasing');
    await this.answered('erasing', `X${hex(target.startAddress)}#`, 'X\n\r', ERASE_TIMEOUT_MS);
    let done = 0;
    for (const page of pages) {
      exchange.progress('Writing', done, total);
      const step = `writing at ${page.address}`;
      await exchange.send(step, bytesOf(`S${hex(target.bufferAddress)},${hex(page.bytes.length)}#`));
      await exchange.send(step, page.bytes); // on its own: in one USB packet with its command it gets lost
      await this.answered(step, `Y${hex(target.bufferAddress)},0#`, 'Y\n\r');
      await this.answered(step, `Y${hex(page.address)},${hex(page.bytes.length)}#`, 'Y\n\r');
      done += page.bytes.length;
    }
    done = 0;
    for (const page of pages) {
      exchange.progress('Verifying', done, total);
      exchange.checkSame(page, await this.readBack(page));
      done += page.bytes.length;
    }
    await exchange.send('starting the firmware', bytesOf(`W${hex(AIRCR)},${hex(RESET_REQUEST)}#`));
    exchange.task.progress({ stage: 'Verifying', done: total, total });
  }

  /** Binary mode, then the version. */
  private async begin(): Promise<string> {
    const { exchange } = this;
    exchange.progress('Connecting to the bootloader');
    await exchange.baud('opening', this.target.baud);
    const received: number[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      exchange.discard();
      await exchange.send('setting binary mode', bytesOf('N#'));
      const answer = await exchange.tryRead('setting binary mode', 2, ATTEMPT_TIMEOUT_MS);
      if (answer && ascii(answer) === '\n\r') return this.version();
      received.push(...(answer ?? exchange.discard()));
    }
    throw exchange.noSync(ATTEMPTS, Uint8Array.from(received));
  }

  private async version(): Promise<string> {
    await this.exchange.send('asking for the version', bytesOf('V#'));
    let text = '';
    while (!text.endsWith('\n\r')) {
      if (text.length > 200) throw this.exchange.badAnswer('asking for the version', bytesOf(text));
      text += ascii(await this.exchange.read('asking for the version', 1, ANSWER_TIMEOUT_MS));
    }
    return text;
  }

  private async checkChip(): Promise<void> {
    const { chipId } = this.target;
    await this.exchange.send('reading the chip id', bytesOf(`w${hex(chipId.address)},4#`));
    const bytes = await this.exchange.read('reading the chip id', 4, ANSWER_TIMEOUT_MS);
    const found = (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24)) >>> 0;
    if (!chipId.values.includes((found & chipId.mask) >>> 0)) {
      throw new ProblemError(problems.otherChip(this.exchange.name, `a ${this.chip}`, `its id is 0x${hex(found)}`));
    }
  }

  private async readBack(page: Page): Promise<Uint8Array> {
    const found = new Uint8Array(page.bytes.length);
    for (let at = 0; at < found.length; at += READ_BYTES) {
      const count = Math.min(READ_BYTES, found.length - at);
      await this.exchange.send(`reading back at ${page.address + at}`, bytesOf(`R${hex(page.address + at)},${hex(count)}#`));
      found.set(await this.exchange.read(`reading back at ${page.address + at}`, count, ANSWER_TIMEOUT_MS), at);
    }
    return found;
  }

  private async answered(step: string, command: string, answer: string, timeoutMs = ANSWER_TIMEOUT_MS): Promise<void> {
    await this.exchange.send(step, bytesOf(command));
    const received = await this.exchange.read(step, answer.length, timeoutMs);
    if (ascii(received) !== answer) throw this.exchange.badAnswer(step, received);
  }
}
