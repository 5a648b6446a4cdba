import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { Stm32UartTarget } from '../boards/uploads';
import type { ByteLink } from '../transports/link';
import { advice } from './advice';
import { type Exchange, overExchange } from './exchange';
import type { ImageSegment } from './intel-hex';
import { bytesOfPages, pagesOf, type Page } from './pages';
import * as problems from './problems';

/** Commands and answers. Source: ST application note AN3155, "USART protocol used in the STM32 bootloader". */
const stm = { synchronise: 0x7f, ack: 0x79, nack: 0x1f, get: 0x00, getId: 0x02, read: 0x11, go: 0x21, write: 0x31, erase: 0x43, extendedErase: 0x44 } as const;
/** Most bytes of one read or write. */
const BLOCK_BYTES = 256;
const ATTEMPTS = 8;
const ATTEMPT_TIMEOUT_MS = 400;
const ANSWER_TIMEOUT_MS = 2000;
/** A mass erase of the largest chips: STM32F7 and H7 datasheets give up to 32 s for 2 MiB. */
const ERASE_TIMEOUT_MS = 40_000;

const parity = (bytes: readonly number[] | Uint8Array): number => [...bytes].reduce((a, b) => a ^ b, 0);
const addressBytes = (address: number): number[] => {
  const bytes = [(address >>> 24) & 0xff, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff];
  return [...bytes, parity(bytes)];
};

/**
 * Writes an image through the bootloader in the system memory of an STM32, reads it back, compares, and starts it. The chip
 * must have been started with BOOT0 high; the line has even parity, which whoever opens the port sets.
 */
export async function uploadStm32Uart(
  link: ByteLink,
  image: readonly ImageSegment[],
  chip: string,
  target: Stm32UartTarget,
  task: Task,
): Promise<void> {
  const pages = pagesOf(image, { ...target, pageBytes: BLOCK_BYTES });
  await overExchange(link, task, advice.stm32Uart, (exchange) => new Uploader(exchange, chip, target).upload(pages));
}

class Uploader {
  constructor(
    private readonly exchange: Exchange,
    private readonly chip: string,
    private readonly target: Stm32UartTarget,
  ) {}

  async upload(pages: readonly Page[]): Promise<void> {
    const { exchange, target } = this;
    const total = bytesOfPages(pages);
    await this.begin();
    const commands = await this.list('asking for its commands', stm.get);
    const id = await this.list('reading the product id', stm.getId);
    const productId = (id[0] << 8) | id[1];
    if (productId !== target.productId) {
      const name = (value: number): string => `product id 0x${value.toString(16).padStart(3, '0')}`;
      throw new ProblemError(problems.otherChip(exchange.name, `a ${this.chip} (${name(target.productId)})`, name(productId)));
    }
    exchange.progress('Erasing');
    await this.erase(commands.includes(stm.extendedErase));
    let done = 0;
    for (const page of pages) {
      exchange.progress('Writing', done, total);
      const step = `writing at ${page.address}`;
      await this.command(step, stm.write);
      await this.confirm(step, addressBytes(page.address));
      const data = [page.bytes.length - 1, ...page.bytes];
      await this.confirm(step, [...data, parity(data)]);
      done += page.bytes.length;
    }
    done = 0;
    for (const page of pages) {
      exchange.progress('Verifying', done, total);
      const step = `reading back at ${page.address}`;
      await this.command(step, stm.read);
      await this.confirm(step, addressBytes(page.address));
      const count = page.bytes.length - 1;
      await this.confirm(step, [count, ~count & 0xff]);
      exchange.checkSame(page, await exchange.read(step, page.bytes.length, ANSWER_TIMEOUT_MS));
      done += page.bytes.length;
    }
    await this.command('starting the firmware', stm.go);
    await this.confirm('starting the firmware', addressBytes(target.startAddress));
    exchange.task.progress({ stage: 'Verifying', done: total, total });
  }

  /** The bootloader measures the line's speed from the first byte. One that is synchronised already refuses it: just as well. */
  private async begin(): Promise<void> {
    await this.exchange.greet({
      step: 'synchronising', request: [stm.synchronise], baud: this.target.baud, attempts: ATTEMPTS, timeoutMs: ATTEMPT_TIMEOUT_MS, count: 1,
      accept: ([answer]) => answer === stm.ack || answer === stm.nack,
    });
  }

  private async erase(extended: boolean): Promise<void> {
    const step = 'erasing';
    await this.command(step, extended ? stm.extendedErase : stm.erase);
    await this.confirm(step, extended ? [0xff, 0xff, 0x00] : [0xff, 0x00], ERASE_TIMEOUT_MS);
  }

  /** Commands whose answer tells its own length: the number of bytes less one, the bytes, an acknowledgement. */
  private async list(step: string, command: number): Promise<Uint8Array> {
    await this.command(step, command);
    const [count] = await this.exchange.read(step, 1, ANSWER_TIMEOUT_MS);
    const bytes = await this.exchange.read(step, count + 1, ANSWER_TIMEOUT_MS);
    await this.acknowledged(step, ANSWER_TIMEOUT_MS);
    return bytes;
  }

  private command(step: string, command: number): Promise<void> {
    return this.confirm(step, [command, ~command & 0xff]);
  }

  private async confirm(step: string, bytes: readonly number[], timeoutMs = ANSWER_TIMEOUT_MS): Promise<void> {
    await this.exchange.send(step, bytes);
    await this.acknowledged(step, timeoutMs);
  }

  private async acknowledged(step: string, timeoutMs: number): Promise<void> {
    const answer = await this.exchange.read(step, 1, timeoutMs);
    if (answer[0] === stm.nack) throw new ProblemError(problems.refused(this.exchange.name, step, 'The chip may be protected against reading: remove the protection with ST\'s own tool first.'));
    if (answer[0] !== stm.ack) throw this.exchange.badAnswer(step, answer);
  }
}
