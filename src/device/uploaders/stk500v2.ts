import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Stk500v2Target } from '../boards/uploads';
import type { ByteLink } from '../transports/link';
import { advice } from './advice';
import { type Exchange, overExchange } from './exchange';
import type { ImageSegment } from './intel-hex';
import { bytesOfPages, pagesWithoutGaps, type Page } from './pages';
import * as problems from './problems';

/** Messages, commands and answers. Source: Atmel application note AVR068, "STK500 Communication Protocol", version 2. */
export const stk2 = {
  messageStart: 0x1b,
  token: 0x0e,
  ok: 0x00,
  signOn: 0x01,
  loadAddress: 0x06,
  enterProgramming: 0x10,
  leaveProgramming: 0x11,
  chipErase: 0x12,
  programFlash: 0x13,
  readFlash: 0x14,
  readSignature: 0x1b,
  spiMulti: 0x1d,
} as const;

const RESETS = 3;
/** Requests of one round: the bootloader blinks before it listens. */
const SIGN_ON_TIMEOUTS_MS = [600, 250, 250];
const ANSWER_TIMEOUT_MS = 1000;
const RESET_MS = 50;
const BOOT_MS = 50;
/** Longest message: a page of 256 bytes and its header. */
const LONGEST_MESSAGE = 300;

/** Message around a body: start, sequence, length (big endian), token, body, exclusive or of all before. */
export function frameStk500v2(sequence: number, body: readonly number[]): Uint8Array {
  const bytes = [stk2.messageStart, sequence, body.length >> 8, body.length & 0xff, stk2.token, ...body];
  return Uint8Array.from([...bytes, bytes.reduce((a, b) => a ^ b, 0)]);
}

/**
 * Writes an image through the bootloader of a Mega 2560, reads it back, compares, and starts it. That bootloader erases page
 * after page from 0 on, one with each page written, wherever the address says: so pages are written without gaps.
 */
export async function uploadStk500v2(
  link: ByteLink,
  image: readonly ImageSegment[],
  chip: string,
  target: Stk500v2Target,
  task: Task,
): Promise<void> {
  const pages = pagesWithoutGaps(image, target);
  await overExchange(link, task, advice.stk500v2, (exchange) => new Uploader(exchange, chip, target).upload(pages));
}

class Uploader {
  private sequence = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly chip: string,
    private readonly target: Stk500v2Target,
  ) {}

  async upload(pages: readonly Page[]): Promise<void> {
    const { exchange } = this;
    const total = bytesOfPages(pages);
    const signature = await this.begin();
    if (!signature.every((byte, i) => byte === this.target.signature[i])) {
      throw new ProblemError(problems.wrongChip(exchange.name, this.chip, this.target.signature, signature));
    }
    // timeout, stabDelay, cmdexeDelay, synchLoops, byteDelay, pollValue, pollIndex, then SPI commands: of no meaning to a bootloader
    await this.command('entering programming mode', [stk2.enterProgramming, 200, 100, 25, 32, 0, 0x53, 3, 0xac, 0x53, 0, 0]);
    let done = 0;
    await this.loadAddress(pages[0]?.address ?? 0);
    for (const page of pages) {
      exchange.progress('Writing', done, total);
      // length, mode (page write), delay, three SPI commands, two poll values: of no meaning to a bootloader but for the length
      const header = [stk2.programFlash, page.bytes.length >> 8, page.bytes.length & 0xff, 0xc1, 10, 0x40, 0x4c, 0x20, 0, 0];
      await this.command(`writing at ${page.address}`, [...header, ...page.bytes]);
      done += page.bytes.length;
    }
    await this.loadAddress(pages[0]?.address ?? 0);
    done = 0;
    for (const page of pages) {
      exchange.progress('Verifying', done, total);
      const answer = await this.command(`reading back at ${page.address}`, [stk2.readFlash, page.bytes.length >> 8, page.bytes.length & 0xff, 0x20]);
      exchange.checkSame(page, answer.subarray(2, 2 + page.bytes.length));
      done += page.bytes.length;
    }
    await this.command('starting the firmware', [stk2.leaveProgramming, 1, 1]);
    exchange.task.progress({ stage: 'Verifying', done: total, total });
  }

  /** Resets the board until its bootloader signs on and tells its signature. */
  private async begin(): Promise<Uint8Array> {
    let problem: ProblemError | undefined;
    for (let round = 0; round < RESETS; round++) {
      this.exchange.progress('Resetting the board');
      await this.reset();
      try {
        await this.signOn();
        return await this.signature();
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.code === problems.UNPLUGGED) throw error;
        problem = error;
      }
    }
    throw problem!;
  }

  private async reset(): Promise<void> {
    const step = 'resetting the board';
    await this.exchange.baud(step, this.target.baud);
    await this.exchange.signals(step, { dtr: false, rts: false });
    await this.exchange.pause(RESET_MS);
    await this.exchange.signals(step, { dtr: true, rts: true });
    await this.exchange.pause(BOOT_MS);
  }

  private async signOn(): Promise<void> {
    const received: number[] = [];
    for (const timeoutMs of SIGN_ON_TIMEOUTS_MS) {
      this.exchange.discard();
      await this.exchange.send('signing on', frameStk500v2(this.nextSequence(), [stk2.signOn]));
      const end = Date.now() + timeoutMs;
      for (;;) {
        const byte = await this.exchange.tryRead('signing on', 1, Math.max(0, end - Date.now()));
        if (!byte) break;
        received.push(byte[0]);
        if (bodyOf(received.slice(-LONGEST_MESSAGE), this.sequence)?.[1] === stk2.ok) return;
      }
    }
    throw this.exchange.noSync(RESETS * SIGN_ON_TIMEOUTS_MS.length, Uint8Array.from(received));
  }

  private async signature(): Promise<Uint8Array> {
    const signature = new Uint8Array(3);
    for (let i = 0; i < 3; i++) {
      // four bytes to send, four to receive, from the first: the SPI command "read signature byte"
      const answer = await this.command('reading the signature', [stk2.spiMulti, 4, 4, 0, 0x30, 0, i, 0]);
      signature[i] = answer[5];
    }
    return signature;
  }

  /** In words of 16 bits; bit 31 tells that the chip has more than 64 Ki of them. */
  private async loadAddress(address: number): Promise<void> {
    const word = address >>> 1;
    const extended = this.target.applicationBytes > 0x20000 ? 0x80 : 0;
    await this.command(`setting address ${address}`, [stk2.loadAddress, extended | (word >>> 24), (word >> 16) & 0xff, (word >> 8) & 0xff, word & 0xff]);
  }

  private nextSequence(): number {
    this.sequence = (this.sequence + 1) & 0xff;
    return this.sequence;
  }

  /** One message and its answer: command, status, then what belongs to it. */
  private async command(step: string, body: readonly number[]): Promise<Uint8Array> {
    const { exchange } = this;
    await exchange.send(step, frameStk500v2(this.nextSequence(), body));
    const head = await exchange.read(step, 5, ANSWER_TIMEOUT_MS);
    const length = (head[2] << 8) | head[3];
    const sound = head[0] === stk2.messageStart && head[1] === this.sequence && head[4] === stk2.token && length <= LONGEST_MESSAGE;
    if (!sound) throw exchange.badAnswer(step, head);
    const message = Uint8Array.from([...head, ...(await exchange.read(step, length + 1, ANSWER_TIMEOUT_MS))]);
    const answer = bodyOf([...message], this.sequence);
    if (!answer || answer[0] !== body[0] || answer[1] !== stk2.ok) throw exchange.badAnswer(step, message);
    return answer;
  }
}

/** The body of the message that these bytes end with, where they do and its checksum is right. */
function bodyOf(bytes: readonly number[], sequence: number): Uint8Array | undefined {
  for (let at = 0; at + 6 <= bytes.length; at++) {
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    const whole = bytes[at] === stk2.messageStart && bytes[at + 1] === sequence && bytes[at + 4] === stk2.token && at + 6 + length === bytes.length;
    if (whole && bytes.slice(at).reduce((a, b) => a ^ b, 0) === 0) return Uint8Array.from(bytes.slice(at + 5, -1));
  }
  return undefined;
}
