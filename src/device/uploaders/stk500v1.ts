import { throwIfCancelled } from '../../base/cancel';
import { ProblemError, type Problem } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Stk500v1Target } from '../boards/board';
import type { ByteLink } from '../transports/link';
import type { ImageSegment } from './intel-hex';
import { LinkGone, LinkReader, pause, ReadTimeout } from './link-reader';
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

interface Page {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/**
 * Writes an image through the bootloader of an Uno or Nano, reads it back, compares, and starts it. The link stays open: it is
 * the caller's. Progress counts bytes, those written and those read back.
 */
export async function uploadStk500v1(
  link: ByteLink,
  image: readonly ImageSegment[],
  chip: string,
  target: Stk500v1Target,
  task: Task,
): Promise<void> {
  const pages = pagesOf(image, target);
  const reader = new LinkReader(link, task.signal);
  try {
    await new Uploader(link, reader, chip, target, task).upload(pages);
  } finally {
    reader.dispose();
  }
}

/** Whole pages, erased where the image says nothing: a bootloader writes no less. */
export function pagesOf(image: readonly ImageSegment[], target: Stk500v1Target): Page[] {
  const { pageBytes, applicationBytes } = target;
  const end = image.reduce((max, s) => Math.max(max, s.address + s.bytes.length), 0);
  if (end > applicationBytes) throw new ProblemError(problems.imageTooLarge(end, applicationBytes));
  const pages = new Map<number, Uint8Array>();
  for (const segment of image) {
    segment.bytes.forEach((byte, i) => {
      const at = segment.address + i;
      const address = at - (at % pageBytes);
      let page = pages.get(address);
      if (!page) pages.set(address, (page = new Uint8Array(pageBytes).fill(0xff)));
      page[at - address] = byte;
    });
  }
  return [...pages].sort(([a], [b]) => a - b).map(([address, bytes]) => ({ address, bytes }));
}

const isInSync = (bytes: readonly number[]): boolean => bytes.at(-2) === stk.inSync && bytes.at(-1) === stk.ok;

class Uploader {
  constructor(
    private readonly link: ByteLink,
    private readonly reader: LinkReader,
    private readonly chip: string,
    private readonly target: Stk500v1Target,
    private readonly task: Task,
  ) {}

  async upload(pages: readonly Page[]): Promise<void> {
    const total = pages.reduce((n, p) => n + p.bytes.length, 0);
    const signature = await this.begin();
    if (!signature.every((byte, i) => byte === this.target.signature[i])) {
      throw new ProblemError(problems.wrongChip(this.link.name, this.chip, this.target.signature, signature));
    }
    await this.command('entering programming mode', [stk.enterProgramming], 0);
    for (const [i, page] of pages.entries()) {
      this.task.progress({ stage: 'Writing', done: i * this.target.pageBytes, total });
      await this.loadAddress(page.address);
      await this.command(`writing at ${page.address}`, [stk.programPage, ...this.blockHeader(page), ...page.bytes], 0);
    }
    for (const [i, page] of pages.entries()) {
      this.task.progress({ stage: 'Verifying', done: i * this.target.pageBytes, total });
      await this.loadAddress(page.address);
      const found = await this.command(`reading back at ${page.address}`, [stk.readPage, ...this.blockHeader(page)], page.bytes.length);
      const at = page.bytes.findIndex((byte, k) => byte !== found[k]);
      if (at >= 0) throw new ProblemError(problems.verifyFailed(this.link.name, page.address + at, page.bytes[at], found[at]));
    }
    await this.command('starting the firmware', [stk.leaveProgramming], 0);
    this.task.progress({ stage: 'Verifying', done: total, total });
  }

  /**
   * Resets the board until its bootloader answers and tells its signature. A bootloader that lost a byte of a request sent too
   * early answers, but then takes the next command for something else: so only both together count.
   */
  private async begin(): Promise<Uint8Array> {
    let problem: Problem | undefined;
    for (let round = 0; round < RESETS; round++) {
      this.task.progress({ stage: 'Resetting the board' });
      await this.guard('resetting the board', () => this.reset());
      try {
        await this.synchronise();
        return await this.command('reading the signature', [stk.readSignature], 3);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.code === problems.UNPLUGGED) throw error;
        problem = error.problem;
      }
    }
    throw new ProblemError(problem!);
  }

  /** Asks until the bootloader answers; noise before the answer is passed over. */
  private async synchronise(): Promise<void> {
    const received: number[] = [];
    for (const [attempt, timeoutMs] of SYNC_TIMEOUTS_MS.entries()) {
      received.push(...(await this.guard('synchronising', () => this.askForSync(timeoutMs))));
      if (isInSync(received)) {
        // answers to earlier requests may follow: they must not be taken for those of the next command
        if (attempt > 0) await pause(QUIET_MS, this.task.signal);
        return this.reader.discard();
      }
    }
    throw new ProblemError(problems.noSync(this.link.name, RESETS * SYNC_TIMEOUTS_MS.length, Uint8Array.from(received)));
  }

  private async reset(): Promise<void> {
    await this.link.setBaud(this.target.baud);
    await this.link.setSignals({ dtr: false, rts: false });
    await pause(RESET_MS, this.task.signal);
    await this.link.setSignals({ dtr: true, rts: true });
    await pause(BOOT_MS, this.task.signal);
  }

  /** Reads until the answer comes or the time is over; gives what was read, which ends in the answer if it came. */
  private async askForSync(timeoutMs: number): Promise<number[]> {
    const end = Date.now() + timeoutMs;
    const received: number[] = [];
    this.reader.discard();
    await this.link.write(Uint8Array.of(stk.getSync, stk.endOfCommand));
    try {
      while (!isInSync(received)) received.push(...(await this.reader.read(1, Math.max(0, end - Date.now()))));
    } catch (error) {
      if (!(error instanceof ReadTimeout)) throw error;
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
    throwIfCancelled(this.task.signal);
    try {
      return await this.guard(step, async () => {
        await this.link.write(Uint8Array.from([...bytes, stk.endOfCommand]));
        const answer = await this.reader.read(count + 2, ANSWER_TIMEOUT_MS);
        if (answer[0] !== stk.inSync || answer[count + 1] !== stk.ok) throw new ProblemError(problems.badAnswer(this.link.name, step, answer));
        return answer.slice(1, -1);
      });
    } catch (error) {
      if (!(error instanceof ReadTimeout)) throw error;
      throw new ProblemError(this.silence(step, error.received));
    }
  }

  private silence(step: string, received: Uint8Array): Problem {
    return received.length ? problems.badAnswer(this.link.name, step, received) : problems.noAnswer(this.link.name, step);
  }

  private async guard<T>(step: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LinkGone) throw new ProblemError(problems.linkGone(this.link.name, step, error.why?.message));
      throw error;
    }
  }
}
