import { CancelledError, type CancelSignal } from '../../base/cancel';
import type { Disposable } from '../../base/disposable';
import type { ByteLink } from '../transports/link';

/** Thrown by `read`; uploaders turn it into a problem that says at which step. */
export class ReadTimeout extends Error {
  constructor(readonly received: Uint8Array) {
    super('timeout');
  }
}

/** The link was closed by the other side while bytes were awaited. */
export class LinkGone extends Error {
  constructor(readonly why: Error | undefined) {
    super(why?.message ?? 'closed');
  }
}

/** More bytes than any answer has: a board that floods the line while nobody reads loses its oldest ones. */
const KEPT_BYTES = 64 * 1024;

/** Reads exact numbers of bytes from a link: what request and reply protocols of bootloaders need. One reader at a time. */
export class LinkReader implements Disposable {
  private bytes: number[] = [];
  private waiting: (() => void) | undefined;
  private gone: { why: Error | undefined } | undefined;
  private lose!: (why: LinkGone) => void;
  /** Rejects when the other side closes the link: for who waits for something else than bytes. */
  readonly closed = new Promise<never>((_, reject) => (this.lose = reject));
  private readonly subscriptions: Disposable[];

  constructor(link: ByteLink, private readonly signal: CancelSignal) {
    this.subscriptions = [
      link.onData((data) => {
        for (const byte of data) this.bytes.push(byte);
        if (this.bytes.length > KEPT_BYTES) this.bytes.splice(0, this.bytes.length - KEPT_BYTES);
        this.waiting?.();
      }),
      link.onClose((why) => {
        this.gone = { why };
        this.waiting?.();
        this.lose(new LinkGone(why));
      }),
    ];
    this.closed.catch(() => {}); // it matters only to who waits
  }

  /** Throws away what has come so far; gives it. */
  discard(): Uint8Array {
    return Uint8Array.from(this.bytes.splice(0));
  }

  /** @throws ReadTimeout, LinkGone or CancelledError. */
  read(count: number, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', look);
        this.waiting = undefined;
        act();
      };
      const timer = setTimeout(() => finish(() => reject(new ReadTimeout(Uint8Array.from(this.bytes)))), timeoutMs);
      const look = (): void => {
        if (this.signal.aborted) finish(() => reject(new CancelledError()));
        else if (this.bytes.length >= count) finish(() => resolve(Uint8Array.from(this.bytes.splice(0, count))));
        else if (this.gone) finish(() => reject(new LinkGone(this.gone!.why)));
      };
      this.waiting = look;
      this.signal.addEventListener('abort', look, { once: true });
      look();
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Waits, unless cancelled. */
export function pause(ms: number, signal: CancelSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(new CancelledError());
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new CancelledError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
