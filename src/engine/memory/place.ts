/** A block of bytes that is needed during the steps first..last, both inclusive. */
export interface Interval {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface Placement {
  readonly offsets: readonly number[];
  /** Bytes of the arena. */
  readonly bytes: number;
  /** No placement of these intervals needs less: the most bytes that live at one step. */
  readonly boundBytes: number;
}

/** Kernels read words: every block starts at a multiple of this. */
export const ALIGNMENT = 4;

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const overlap = (a: Interval, b: Interval): boolean => a.first <= b.last && b.first <= a.last;

/** Bytes that live at each step from `first` to `last`. */
export function liveBytes(intervals: readonly Interval[], steps: number): number[] {
  const live = new Array<number>(steps).fill(0);
  for (const interval of intervals) {
    for (let step = Math.max(0, interval.first); step <= Math.min(steps - 1, interval.last); step++) live[step] += aligned(interval.bytes);
  }
  return live;
}

/** Tries beyond the sorted orders; they stop as soon as the bound is reached. */
const RANDOM_TRIES = 300;

/**
 * Offsets for all intervals so that those that live together do not overlap. Best fit in several orders, then in random
 * ones from a fixed seed, until the liveness bound is reached or the tries are used up. Deterministic.
 */
export function place(intervals: readonly Interval[]): Placement {
  const boundBytes = bound(intervals);
  const order = intervals.map((_, i) => i);
  const by = (key: (i: Interval) => number): number[] => [...order].sort((a, b) => key(intervals[b]) - key(intervals[a]) || a - b);
  const length = (i: Interval): number => i.last - i.first + 1;
  const orders = [by((i) => i.bytes), by((i) => i.bytes * length(i)), by(length), order];
  let best: { offsets: number[]; bytes: number } | undefined;
  const consider = (candidate: readonly number[]): boolean => {
    const placed = placeInOrder(intervals, candidate);
    if (!best || placed.bytes < best.bytes) best = placed;
    return best.bytes === boundBytes;
  };
  if (!orders.some(consider)) {
    const random = xorshift(0x2545f491);
    for (let i = 0; i < RANDOM_TRIES && !consider(shaken(orders[i % 3], random)); i++);
  }
  return { offsets: best!.offsets, bytes: best!.bytes, boundBytes };
}

function bound(intervals: readonly Interval[]): number {
  const events = intervals.flatMap((i) => [[i.first, aligned(i.bytes)], [i.last + 1, -aligned(i.bytes)]]);
  events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let live = 0;
  let most = 0;
  for (const [, change] of events) most = Math.max(most, (live += change));
  return most;
}

/** Each interval goes into the smallest gap that it fits between those placed before it, or behind them. */
function placeInOrder(intervals: readonly Interval[], order: readonly number[]): { offsets: number[]; bytes: number } {
  const offsets = new Array<number>(intervals.length).fill(0);
  const placed: number[] = [];
  let bytes = 0;
  for (const index of order) {
    const size = aligned(intervals[index].bytes);
    const neighbours = placed.filter((other) => overlap(intervals[index], intervals[other])).sort((a, b) => offsets[a] - offsets[b]);
    let offset = 0;
    let chosen: number | undefined;
    let smallest = Infinity;
    for (const other of neighbours) {
      const gap = offsets[other] - offset;
      if (gap >= size && gap < smallest) [chosen, smallest] = [offset, gap];
      offset = Math.max(offset, offsets[other] + aligned(intervals[other].bytes));
    }
    offsets[index] = chosen ?? offset;
    bytes = Math.max(bytes, offsets[index] + size);
    placed.push(index);
  }
  return { offsets, bytes };
}

/** A few neighbours of an order change places. */
function shaken(order: readonly number[], random: () => number): number[] {
  const result = [...order];
  for (let swaps = 1 + Math.floor(random() * Math.max(2, result.length / 4)); swaps > 0; swaps--) {
    const a = Math.floor(random() * result.length);
    const b = Math.floor(random() * result.length);
    [result[a], result[b]] = [result[b], result[a]];
  }
  return result;
}

/** Marsaglia's xorshift32: the same numbers on every machine. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
