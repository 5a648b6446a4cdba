/** A write that the system has not taken by then never will be: the longest holds 16 KiB, a second and a half at 115,200 baud. */
const WRITE_TIMEOUT_MS = 5000;

/** The other side takes no more bytes: its buffers are full, and nobody reads them. */
export class LineStuck extends Error {
  constructor() {
    super('the board takes no more bytes');
  }
}

/** Settles as `work` does, or rejects with `LineStuck` when that takes too long. */
export async function orStuck<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stuck = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new LineStuck()), WRITE_TIMEOUT_MS)));
  try {
    return await Promise.race([work, stuck]);
  } finally {
    clearTimeout(timer);
  }
}
