import { orCancelled, throwIfCancelled } from '../../base/cancel';
import type { Disposable } from '../../base/disposable';
import { ProblemError, type Fix } from '../../base/problem';
import type { Task } from '../../base/progress';
import type { ByteLink } from '../transports/link';
import { LineStuck, orStuck } from './line-stuck';
import { LinkGone, LinkReader, pause, ReadTimeout } from './link-reader';
import type { Page } from './pages';
import * as problems from './problems';

/** The first words to a bootloader, until it answers. */
export interface Greeting {
  readonly step: string;
  readonly request: Uint8Array | readonly number[];
  readonly baud: number;
  readonly attempts: number;
  /** For each answer. */
  readonly timeoutMs: number;
  /** Bytes of the answer. */
  readonly count: number;
  readonly accept: (answer: Uint8Array) => boolean;
}

/**
 * What all uploaders over a link share: requests and answers with a limit of time, cancel before each request, and every
 * failure of the link as a problem that says at which step.
 */
export class Exchange implements Disposable {
  private readonly reader: LinkReader;

  constructor(
    readonly link: ByteLink,
    readonly task: Task,
    /** How to bring this kind of board into its bootloader by hand. */
    readonly advice: readonly Fix[] = [],
  ) {
    this.reader = new LinkReader(link, task.signal);
  }

  get name(): string {
    return this.link.name;
  }

  progress(stage: string, done?: number, total?: number): void {
    this.task.progress({ stage, done, total });
    throwIfCancelled(this.task.signal);
  }

  async send(step: string, bytes: Uint8Array | readonly number[]): Promise<void> {
    throwIfCancelled(this.task.signal);
    await this.act(step, () => this.link.write(Uint8Array.from(bytes)));
  }

  /** Exactly so many bytes. @throws ProblemError when they do not come in time. */
  async read(step: string, count: number, timeoutMs: number): Promise<Uint8Array> {
    try {
      return await this.guard(step, () => this.reader.read(count, timeoutMs));
    } catch (error) {
      if (!(error instanceof ReadTimeout)) throw error;
      const { received } = error;
      throw new ProblemError(received.length ? problems.badAnswer(this.name, step, received, this.advice) : problems.noAnswer(this.name, step));
    }
  }

  /** The same, but silence is `undefined`; what did come stays for the next read. */
  async tryRead(step: string, count: number, timeoutMs: number): Promise<Uint8Array | undefined> {
    try {
      return await this.guard(step, () => this.reader.read(count, timeoutMs));
    } catch (error) {
      if (error instanceof ReadTimeout) return undefined;
      throw error;
    }
  }

  /** Asks until the bootloader answers as it should. @throws ProblemError that shows what came instead */
  async greet({ step, request, baud, attempts, timeoutMs, count, accept }: Greeting): Promise<void> {
    this.progress('Connecting to the bootloader');
    await this.baud('opening', baud);
    const received: number[] = [];
    for (let attempt = 0; attempt < attempts; attempt++) {
      this.discard();
      await this.send(step, request);
      const answer = await this.tryRead(step, count, timeoutMs);
      if (answer && accept(answer)) return void this.discard();
      received.push(...(answer ?? this.discard()));
    }
    throw this.noSync(attempts, Uint8Array.from(received));
  }

  /** Throws away what has come so far; gives it. */
  discard(): Uint8Array {
    return this.reader.discard();
  }

  pause(ms: number): Promise<void> {
    return pause(ms, this.task.signal);
  }

  signals(step: string, signals: { readonly dtr: boolean; readonly rts: boolean }): Promise<void> {
    return this.act(step, () => this.link.setSignals(signals));
  }

  baud(step: string, baud: number): Promise<void> {
    return this.act(step, () => this.link.setBaud(baud));
  }

  badAnswer(step: string, received: Uint8Array): ProblemError {
    return new ProblemError(problems.badAnswer(this.name, step, received, this.advice));
  }

  noSync(attempts: number, received: Uint8Array): ProblemError {
    return new ProblemError(problems.noSync(this.name, attempts, received, this.advice));
  }

  /** @throws ProblemError naming the first byte that was read back differently. */
  checkSame(page: Page, found: Uint8Array): void {
    const at = page.bytes.findIndex((byte, i) => byte !== found[i]);
    if (at >= 0) throw new ProblemError(problems.verifyFailed(this.name, page.address + at, page.bytes[at], found[at]));
  }

  dispose(): void {
    this.reader.dispose();
  }

  /** A link that cannot be written to or set any more is a link that is gone; one that takes nothing is not waited for. */
  private async act(step: string, work: () => Promise<void>): Promise<void> {
    const done = work().catch((error: unknown) => Promise.reject(new LinkGone(error instanceof Error ? error : undefined)));
    await this.guard(step, () => orCancelled(orStuck(Promise.race([done, this.reader.closed])), this.task.signal));
  }

  private async guard<T>(step: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LineStuck) throw new ProblemError(problems.lineStuck(this.name, step));
      if (error instanceof LinkGone) throw new ProblemError(problems.linkGone(this.name, step, error.why?.message));
      throw error;
    }
  }
}

/** Runs an uploader's work over an exchange that ends with it. */
export async function overExchange(link: ByteLink, task: Task, advice: readonly Fix[], work: (exchange: Exchange) => Promise<void>): Promise<void> {
  const exchange = new Exchange(link, task, advice);
  try {
    await work(exchange);
  } finally {
    exchange.dispose();
  }
}
