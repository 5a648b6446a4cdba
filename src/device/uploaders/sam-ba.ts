import { toHex32 } from '../../base/bytes';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { SamBaTarget } from '../boards/uploads';
import { crc16 } from '../protocol/crc16';
import type { ByteLink } from '../transports/link';
import { advice } from './advice';
import { type Exchange, overExchange } from './exchange';
import type { ImageSegment } from './intel-hex';
import { bytesOfPages, pagesOf, type Page } from './pages';
import * as problems from './problems';
import { bytesOfText, SamBaCommands } from './sam-ba-commands';

const ATTEMPTS = 4;
const ATTEMPT_TIMEOUT_MS = 500;
/** A bridge chip that changes the speed of its line must have sent the last command before. */
const SENT_MS = 50;

/** Writes an image through a SAM-BA bootloader that has been entered already, compares what it reads back or its check sums, and restarts the chip. */
export async function uploadSamBa(link: ByteLink, image: readonly ImageSegment[], chip: string, target: SamBaTarget, task: Task): Promise<void> {
  const pages = pagesOf(image, { ...target, pageBytes: target.bufferBytes });
  await overExchange(link, task, advice.samBa, (exchange) => new Uploader(exchange, chip, target).upload(pages));
}

class Uploader {
  private readonly commands: SamBaCommands;
  /** What is taken off an address for the bootloader. */
  private readonly base: number;

  constructor(
    private readonly exchange: Exchange,
    private readonly chip: string,
    private readonly target: SamBaTarget,
  ) {
    this.commands = new SamBaCommands(exchange);
    this.base = target.relative ? target.startAddress : 0;
  }

  async upload(pages: readonly Page[]): Promise<void> {
    const { exchange, target, commands } = this;
    const total = bytesOfPages(pages);
    const ways = await this.begin();
    await this.checkChip(ways);
    exchange.progress('Erasing');
    await commands.erase(target.startAddress - this.base);
    let done = 0;
    for (const page of pages) {
      exchange.progress('Writing', done, total);
      await commands.write(target.bufferAddress, page.address - this.base, page.bytes);
      done += page.bytes.length;
    }
    await this.verify(pages, total);
    if (target.chipId.kind === 'name') await commands.reset();
    else await commands.resetByRegister();
    await exchange.pause(SENT_MS);
    exchange.task.progress({ stage: 'Verifying', done: total, total });
  }

  /** Binary mode, then the version. Gives the letters of its extensions. */
  private async begin(): Promise<string> {
    const { exchange, target } = this;
    await exchange.greet({
      step: 'setting binary mode', request: bytesOfText('N#'), baud: target.baud, attempts: ATTEMPTS, timeoutMs: ATTEMPT_TIMEOUT_MS, count: 2,
      accept: ([first, second]) => first === 0x0a && second === 0x0d,
    });
    const version = await this.commands.ask('asking for the version', 'V');
    const ways = /\[Arduino:(\w+)\]/.exec(version)?.[1] ?? '';
    const missing = [...(target.chipId.kind === 'name' ? 'IKXY' : 'XY')].filter((letter) => !ways.includes(letter));
    if (missing.length) throw new ProblemError(problems.refused(exchange.name, 'writing by its buffer', `Its version is "${version}", without the extensions ${missing.join(', ')}.`));
    return ways;
  }

  private async checkChip(ways: string): Promise<void> {
    const { chipId } = this.target;
    const step = 'reading the chip id';
    if (chipId.kind === 'register') {
      // one without memory would not answer: it tells its name instead
      if (ways.includes('I')) throw this.other(await this.commands.ask(step, 'I'));
      const found = await this.commands.readWord(step, chipId.address);
      if (!chipId.values.includes((found & chipId.mask) >>> 0)) throw this.other(`its id is ${toHex32(found)}`);
      return;
    }
    const name = await this.commands.ask(step, 'I');
    if (name !== chipId.name) throw this.other(name);
    const { usb } = this.exchange.link;
    if (usb && !chipId.usb.some((id) => id.vendorId === usb.vendorId && id.productId === usb.productId)) {
      const ids = [usb.vendorId, usb.productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
      throw this.other(`its bootloader has the name of several, and is plugged in as ${ids}`);
    }
  }

  private other(found: string): ProblemError {
    return new ProblemError(problems.otherChip(this.exchange.name, `a ${this.chip}`, found));
  }

  private async verify(pages: readonly Page[], total: number): Promise<void> {
    const { exchange, target, commands } = this;
    let done = 0;
    for (const page of pages) {
      exchange.progress('Verifying', done, total);
      if (target.chipId.kind === 'register') exchange.checkSame(page, await commands.read(page.address, page.bytes.length));
      else {
        const found = await commands.checkSum(page.address - this.base, page.bytes.length);
        if (found === undefined && done === 0) return exchange.task.log.write('warning', 'This bootloader computes no check sums: what was written could not be verified');
        if (found !== crc16(page.bytes, 0)) throw new ProblemError(problems.checkSumDiffers(exchange.name, page.address, page.bytes.length));
      }
      done += page.bytes.length;
    }
  }
}
