import { throwIfCancelled } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Stk500v1Target } from '../boards/uploads';
import type { ByteLink } from '../transports/link';
import { advice } from './advice';
import { type Exchange, overExchange } from './exchange';
import type { ImageSegment } from './intel-hex';
import { bytesOfPages, pagesOf, type Page } from './pages';
import * as problems from './problems';

/** Commands and answers. Source: Atmel application note AVR061, "STK500 Communication Protocol". */
export const stk = {
  ok: 0x10,
  inSync: 0x14,
  endOfCommand: 0x20,
  getSync: 0x30,
  enterProgramming: 0x50,
  leaveProgramming: 0x51,
  loadAddress: 0x55,
  programPage: 0x64,
  readPage: 0x74,
  readSignature: 0x75,
  flashMemory: 0x46, // 'F'
} as const;

/** The board is reset up to so many times until its bootloader answers. */
const RESETS = 3;
/**
 * How long each request of a round waits for its answer. The first one is long: optiboot blinks its LED for 375 ms before it
 * listens, meanwhile the chip holds the two bytes of one request, and bytes of a second one would arrive mangled.
 */
const SYNC_TIMEOUTS_MS = [600, 250, 250];
/** Answers that are under way when a late one comes have arrived after this. */
const QUIET_MS = 50;
const ANSWER_TIMEOUT_MS = 1000;
/** How long DTR is released: long enough for the capacitor of the reset circuit to discharge. */
const RESET_MS = 50;
/** From reset until the receiver is on. */
const BOOT_MS = 50;

/** Writes an image through the bootloader of an Uno or Nano, reads it back, compares, and starts it. */
export async function uploadStk500v1(
  link: ByteLink,
  image: readonly ImageSegment[],
  chip: string,
  target: Stk500v1Target,
  task: Task,
): Promise<void> {
  const pages = pagesOf(image, target);
  await overExchange(link, task, advice.stk500v1, (exchange) => new Uploader(exchange, chip, target).upload(pages));
}

const isInSync = (bytes: readonly number[]): boolean => bytes.at(-2) === stk.inSync && bytes.at(-1) === stk.ok;

class Uploader {
  constructor(
    private readonly exchange: Exchange,
    private readonly chip: string,
    private readonly target: Stk500v1Target,
  ) {}

  async upload(pages: readonly Page[]): Promise<void> {
    const total = bytesOfPages(pages);
    const signature = await this.begin();
    if (!signature.every((byte, i) => byte === this.target.signature[i])) {
      throw new ProblemError(problems.wrongChip(this.exchange.name, this.chip, this.target.signature, signature));
    }
    await this.command('entering programming mode', [stk.enterProgramming], 0);
    for (const [i, page] of pages.entries()) {
      this.exchange.progress('Writing', i * this.target.pageBytes, total);
      await this.loadAddress(page.address);
      await this.command(`writing at ${page.address}`, [stk.programPage, ...this.blockHeader(page), ...page.bytes], 0);
    }
    for (const [i, page] of pages.entries()) {
      this.exchange.progress('Verifying', i * this.target.pageBytes, total);
      await this.loadAddress(page.address);
      this.exchange.checkSame(page, await this.command(`reading back at ${page.address}`, [stk.readPage, ...this.blockHeader(page)], page.bytes.length));
    }
    await this.command('starting the firmware', [stk.leaveProgramming], 0);
    this.exchange.task.progress({ stage: 'Verifying', done: total, total });
  }

  /**
   * Resets the board until its bootloader answers and tells its signature. A bootloader that lost a byte of a request sent too
   * early answers, but then takes the next command for something else: so only both together count.
   */
  private async begin(): Promise<Uint8Array> {
    let problem: ProblemError | undefined;
    for (let round = 0; round < RESETS; round++) {
      this.exchange.progress('Resetting the board');
      await this.reset();
      try {
        await this.synchronise();
        return await this.command('reading the signature', [stk.readSignature], 3);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.code === problems.UNPLUGGED) throw error;
        problem = error;
      }
    }
    throw problem!;
  }

  /** Asks until the bootloader answers; noise before the answer is passed over. */
  private async synchronise(): Promise<void> {
    const received: number[] = [];
    for (const [attempt, timeoutMs] of SYNC_TIMEOUTS_MS.entries()) {
      received.push(...(await this.askForSync(timeoutMs)));
      if (isInSync(received)) {
        // answers to earlier requests may follow: they must not be taken for those of the next command
        if (attempt > 0) await this.exchange.pause(QUIET_MS);
        return void this.exchange.discard();
      }
    }
    throw this.exchange.noSync(RESETS * SYNC_TIMEOUTS_MS.length, Uint8Array.from(received));
  }

  private async reset(): Promise<void> {
    const step = 'resetting the board';
    await this.exchange.baud(step, this.target.baud);
    await this.exchange.signals(step, { dtr: false, rts: false });
    await this.exchange.pause(RESET_MS);
    await this.exchange.signals(step, { dtr: true, rts: true });
    await this.exchange.pause(BOOT_MS);
  }

  /** Reads until the answer comes or the time is over; gives what was read, which ends in the answer if it came. */
  private async askForSync(timeoutMs: number): Promise<number[]> {
    const end = Date.now() + timeoutMs;
    const received: number[] = [];
    this.exchange.discard();
    await this.exchange.send('synchronising', [stk.getSync, stk.endOfCommand]);
    while (!isInSync(received)) {
      const byte = await this.exchange.tryRead('synchronising', 1, Math.max(0, end - Date.now()));
      if (!byte) break;
      received.push(byte[0]);
    }
    return received;
  }

  /** In words of 16 bits, low byte first. */
  private async loadAddress(address: number): Promise<void> {
    const word = address >> 1;
    await this.command(`setting address ${address}`, [stk.loadAddress, word & 0xff, word >> 8], 0);
  }

  private blockHeader(page: Page): number[] {
    return [page.bytes.length >> 8, page.bytes.length & 0xff, stk.flashMemory];
  }

  /** Sends one command; the answer is in-sync, `count` bytes, ok. */
  private async command(step: string, bytes: readonly number[], count: number): Promise<Uint8Array> {
    throwIfCancelled(this.exchange.task.signal);
    await this.exchange.send(step, [...bytes, stk.endOfCommand]);
    const answer = await this.exchange.read(step, count + 2, ANSWER_TIMEOUT_MS);
    if (answer[0] !== stk.inSync || answer[count + 1] !== stk.ok) throw this.exchange.badAnswer(step, answer);
    return answer.slice(1, -1);
  }
}
