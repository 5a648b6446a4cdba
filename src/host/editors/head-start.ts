import { AbortLike, type RequestOptions } from '../../base/rpc';
import type { Progress } from '../../base/progress';

interface Early<R> {
  readonly key: string;
  readonly abort: AbortLike;
  readonly result: Promise<R>;
}

/** A request that begins while the page that is going to ask for it is still being loaded. Handed over once, and only where it is still the one that is asked. */
export class HeadStart<P, R> {
  private early: Early<R> | undefined;
  private last: Progress | undefined;
  private hear: ((progress: Progress) => void) | undefined;

  begin(params: P, run: (params: P, options: RequestOptions) => Promise<R>): void {
    this.drop();
    [this.last, this.hear] = [undefined, undefined];
    const abort = new AbortLike();
    const progress = (next: Progress): void => {
      this.last = next;
      this.hear?.(next);
    };
    const result = run(params, { signal: abort, progress });
    result.catch(() => {}); // whoever takes it sees the failure
    this.early = { key: JSON.stringify(params), abort, result };
  }

  /** Undefined where nothing was begun, it has been taken or dropped, or something else is asked for now. From here on it obeys `options`. */
  take(params: P, { signal, progress }: RequestOptions): Promise<R> | undefined {
    const { early } = this;
    if (early?.key !== JSON.stringify(params)) this.drop();
    this.early = undefined;
    if (!early || early.abort.aborted) return undefined;
    if (this.last) progress?.(this.last);
    this.hear = progress;
    signal?.addEventListener('abort', () => early.abort.abort(), { once: true });
    return early.result;
  }

  /** What it would tell is no longer so, or nobody will ask. */
  drop(): void {
    this.early?.abort.abort();
    this.early = undefined;
  }
}
