/**
 * Cancel is not an error: it is thrown to unwind, caught where the user asked for it, and never shown as a problem.
 * The signal's shape is a subset of the platform's `AbortSignal`, so that pure layers need no DOM or Node types.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  constructor() {
    super('Cancelled');
  }
}

/** Never aborts: the default of functions that take a signal. */
export const neverCancelled: CancelSignal = { aborted: false, addEventListener: () => {}, removeEventListener: () => {} };

export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError();
}

export const isCancelled = (error: unknown): boolean =>
  error instanceof CancelledError || (error instanceof Error && (error.name === 'CancelledError' || error.name === 'AbortError'));

/** Settles as `work` does, or rejects with `CancelledError` as soon as the signal aborts. `work` itself is not stopped by this. */
export function orCancelled<T>(work: Promise<T>, signal: CancelSignal): Promise<T> {
  if (signal.aborted) {
    // Nobody waits for it any more; left alone, its failure would end the process as an unhandled rejection.
    work.catch(() => {});
    return Promise.reject(new CancelledError());
  }
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(new CancelledError());
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
