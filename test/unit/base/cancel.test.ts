import assert from 'node:assert/strict';
import { CancelledError, isCancelled, neverCancelled, orCancelled } from '../../../src/base/cancel';
import { AbortLike } from '../../../src/base/rpc';

/** Rejections that nobody handled while `work` ran: they would end a worker thread. */
async function unhandledDuring(work: () => Promise<void>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const earlier = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => unhandled.push(reason));
  try {
    await work();
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of earlier) process.on('unhandledRejection', listener);
  }
  return unhandled;
}

describe('orCancelled', () => {
  it('settles as the work does', async () => {
    assert.equal(await orCancelled(Promise.resolve(7), neverCancelled), 7);
    await assert.rejects(orCancelled(Promise.reject(new TypeError('x')), neverCancelled), TypeError);
  });

  it('rejects as soon as the signal aborts', async () => {
    const abort = new AbortLike();
    const waiting = orCancelled(new Promise(() => {}), abort);
    abort.abort();
    await assert.rejects(waiting, CancelledError);
  });

  it('leaves no unhandled rejection, whether cancelled before or during the work', async () => {
    for (const early of [true, false]) {
      const unhandled = await unhandledDuring(async () => {
        const abort = new AbortLike();
        if (early) abort.abort();
        let fail: (error: Error) => void = () => {};
        const waiting = orCancelled(new Promise((_, reject) => (fail = reject)), abort);
        abort.abort();
        await assert.rejects(waiting, CancelledError);
        fail(new Error('the work failed later'));
      });
      assert.deepEqual(unhandled, [], early ? 'cancelled before' : 'cancelled during');
    }
  });

  it('knows a cancel by its name as well: it may come from another thread or the platform', () => {
    assert.equal(isCancelled(Object.assign(new Error('x'), { name: 'AbortError' })), true);
    assert.equal(isCancelled(new Error('x')), false);
  });
});
