import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Avr109Target } from '../boards/uploads';
import type { ByteLink } from '../transports/link';
import { advice } from './advice';
import { type Exchange, overExchange } from './exchange';
import type { ImageSegment } from './intel-hex';
import { bytesOfPages, pagesOf, type Page } from './pages';
import * as problems from './problems';

/** Commands are letters. Source: Atmel application note AVR109, "Self Programming", table 3. */
const letter = (text: string): number => text.charCodeAt(0);
const CR = 0x0d;
const ANSWER_TIMEOUT_MS = 2000;
const ATTEMPTS = 5;
const ATTEMPT_TIMEOUT_MS = 300;

/**
 * Writes an image through the bootloader of a Leonardo or Micro (Caterina), which has been entered already: opening their
 * application's port at 1200 baud does that, then this bootloader appears as a port of its own.
 */
export async function uploadAvr109(
  link: ByteLink,
  image: readonly ImageSegment[],
  chip: string,
  target: Avr109Target,
  task: Task,
): Promise<void> {
  const pages = pagesOf(image, target);
  await overExchange(link, task, advice.avr109, (exchange) => new Uploader(exchange, chip, target).upload(pages));
}

class Uploader {
  constructor(
    private readonly exchange: Exchange,
    private readonly chip: string,
    private readonly target: Avr109Target,
  ) {}

  async upload(pages: readonly Page[]): Promise<void> {
    const { exchange, target } = this;
    const total = bytesOfPages(pages);
    await this.begin();
    const signature = (await this.ask('reading the signature', [letter('s')], 3)).reverse(); // its last byte comes first
    if (!signature.every((byte, i) => byte === target.signature[i])) {
      throw new ProblemError(problems.wrongChip(exchange.name, this.chip, target.signature, signature));
    }
    const block = await this.ask('asking for block mode', [letter('b')], 3);
    const blockBytes = (block[1] << 8) | block[2];
    if (block[0] !== letter('Y') || blockBytes < target.pageBytes) throw exchange.badAnswer('asking for block mode', block);
    await this.confirm('entering programming mode', [letter('P')]);
    let done = 0;
    for (const page of pages) {
      exchange.progress('Writing', done, total);
      await this.setAddress(page.address);
      await this.confirm(`writing at ${page.address}`, [letter('B'), ...this.blockHeader(page), ...page.bytes]);
      done += page.bytes.length;
    }
    done = 0;
    for (const page of pages) {
      exchange.progress('Verifying', done, total);
      await this.setAddress(page.address);
      exchange.checkSame(page, await this.ask(`reading back at ${page.address}`, [letter('g'), ...this.blockHeader(page)], page.bytes.length));
      done += page.bytes.length;
    }
    await this.confirm('leaving programming mode', [letter('L')]);
    await this.confirm('starting the firmware', [letter('E')]);
    exchange.task.progress({ stage: 'Verifying', done: total, total });
  }

  /** Escapes whatever was begun, then asks who is there: seven letters, by convention CATERIN for Caterina. */
  private async begin(): Promise<void> {
    await this.exchange.greet({
      step: 'asking for the bootloader', request: [letter('S')], baud: this.target.baud, attempts: ATTEMPTS, timeoutMs: ATTEMPT_TIMEOUT_MS, count: 7,
      accept: (name) => name.every((byte) => byte >= 0x20 && byte < 0x7f),
    });
  }

  /** In words of 16 bits, high byte first. */
  private setAddress(address: number): Promise<void> {
    const word = address >> 1;
    return this.confirm(`setting address ${address}`, [letter('A'), word >> 8, word & 0xff]);
  }

  private blockHeader(page: Page): number[] {
    return [page.bytes.length >> 8, page.bytes.length & 0xff, letter('F')];
  }

  private async ask(step: string, bytes: readonly number[], count: number): Promise<Uint8Array> {
    await this.exchange.send(step, bytes);
    return this.exchange.read(step, count, ANSWER_TIMEOUT_MS);
  }

  private async confirm(step: string, bytes: readonly number[]): Promise<void> {
    const answer = await this.ask(step, bytes, 1);
    if (answer[0] !== CR) throw this.exchange.badAnswer(step, answer);
  }
}
