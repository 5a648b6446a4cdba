import assert from 'node:assert/strict';

/** Waits for something that a page does in its own time. */
export async function assertSoon(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('did not happen within 5 s');
}
