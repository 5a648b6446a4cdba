/** What a process holds: after a garbage collection, where node was started with --expose-gc. */
export interface Holdings {
  /** Timers, sockets, files and the like that keep the event loop busy. */
  readonly handles: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
}

export function measure(): Holdings {
  for (let i = 0; i < 3; i++) global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { handles: process.getActiveResourcesInfo().length, heapBytes: heapUsed, externalBytes: external };
}

export const leakOf = (before: Holdings, after: Holdings): Holdings => ({
  handles: after.handles - before.handles,
  heapBytes: after.heapBytes - before.heapBytes,
  externalBytes: after.externalBytes - before.externalBytes,
});
