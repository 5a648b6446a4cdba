import { boundOf } from './bound';

/** A block of bytes that is needed during the steps first..last, both inclusive. */
export interface Interval {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Where one interval may lie over another although both are needed at one step: a layer's output over an input that dies
 * there. `same`: from the very same byte, or any multiple of `multiple` bytes from it; `before`: at least so many bytes before
 * it (negative: at most so many behind it).
 */
export interface Overlay {
  /** Indices of intervals. */
  readonly over: number;
  readonly under: number;
  readonly same: boolean;
  readonly multiple?: number;
  readonly before?: number;
}

export interface Placement {
  readonly offsets: readonly number[];
  /** Bytes of the arena. */
  readonly bytes: number;
  /** No placement of these intervals needs less: the most bytes that live at one step, overlays taken off. */
  readonly boundBytes: number;
}

/** Kernels read words: every block starts at a multiple of this. */
export const ALIGNMENT = 4;

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const overlap = (a: Interval, b: Interval): boolean => a.first <= b.last && b.first <= a.last;

/** Bytes in use at each step from `first` to `last`: bytes that two blocks share count once. */
export function liveBytes(blocks: readonly (Interval & { readonly offset: number })[], steps: number): number[] {
  const starting = startingAt(blocks, steps);
  let alive: typeof blocks = [];
  return Array.from({ length: steps }, (_, step) => {
    alive = [...alive.filter((b) => step <= b.last), ...(starting.get(step) ?? [])];
    let [bytes, end] = [0, 0];
    for (const { offset, bytes: size } of [...alive].sort((a, b) => a.offset - b.offset)) {
      bytes += Math.max(0, offset + aligned(size) - Math.max(end, offset));
      end = Math.max(end, offset + aligned(size));
    }
    return bytes;
  });
}

/** Blocks by the first of the steps 0..steps-1 at which they live. */
function startingAt<T extends Interval>(blocks: readonly T[], steps: number): Map<number, T[]> {
  const found = new Map<number, T[]>();
  for (const block of blocks) {
    const first = Math.max(0, block.first);
    if (first >= steps || block.last < first) continue;
    found.set(first, [...(found.get(first) ?? []), block]);
  }
  return found;
}

/** Tries beyond the sorted orders; they stop as soon as the bound is reached. */
const RANDOM_TRIES = 600;

/**
 * Offsets for all intervals so that those that live together do not overlap, but for the given overlays. Blocks are placed one
 * by one, each where the arena grows least, in several orders, then in random ones from a fixed seed near the best so far,
 * until the bound is reached or the tries are used up. Deterministic.
 */
export function place(intervals: readonly Interval[], overlays: readonly Overlay[] = []): Placement {
  const boundBytes = boundOf(intervals, overlays);
  const space = new Space(intervals, overlays);
  const order = intervals.map((_, i) => i);
  const by = (key: (i: Interval) => number): number[] => [...order].sort((a, b) => key(intervals[b]) - key(intervals[a]) || a - b);
  const length = (i: Interval): number => i.last - i.first + 1;
  const orders = [by((i) => i.bytes), by((i) => i.bytes * length(i)), by(length), order, by((i) => i.first)];
  let best: { offsets: number[]; bytes: number; order: readonly number[] } | undefined;
  const consider = (candidate: readonly number[]): boolean => {
    const placed = space.place(candidate);
    if (!best || placed.bytes < best.bytes) best = { ...placed, order: candidate };
    return best.bytes <= boundBytes;
  };
  if (!orders.some(consider)) {
    const random = xorshift(0x2545f491);
    for (let i = 0; i < RANDOM_TRIES && !consider(shaken(i % 2 ? best!.order : orders[(i >> 1) % orders.length], random)); i++);
  }
  return { offsets: best!.offsets, bytes: best!.bytes, boundBytes };
}

interface Neighbour {
  readonly index: number;
  /** Distances (own offset - neighbour's) at which both may overlap: up to `most`, at least `least`, or multiples of `multiple`. */
  readonly most: number;
  readonly least: number;
  /** Infinity: the same start only; absent: not even that. */
  readonly multiple: number | undefined;
}

/** Blocks without offsets: who conflicts with whom, and how a conflict is settled. */
class Space {
  private readonly sizes: readonly number[];
  private readonly neighbours: readonly (readonly Neighbour[])[];

  constructor(intervals: readonly Interval[], overlays: readonly Overlay[]) {
    this.sizes = intervals.map((i) => aligned(i.bytes));
    const down = (x: number): number => Math.floor(x / ALIGNMENT) * ALIGNMENT;
    const overlayOf = new Map<string, Overlay>();
    for (const overlay of overlays) if (!overlayOf.has(`${overlay.over} ${overlay.under}`)) overlayOf.set(`${overlay.over} ${overlay.under}`, overlay);
    this.neighbours = together(intervals, this.sizes).map((others, i) =>
      others.map((index): Neighbour => {
        const over = overlayOf.get(`${i} ${index}`);
        const under = overlayOf.get(`${index} ${i}`);
        return {
          index,
          most: over?.before === undefined ? -Infinity : down(-over.before),
          least: under?.before === undefined ? Infinity : -down(-under.before),
          multiple: multipleOf(over ?? under),
        };
      }),
    );
  }

  /** Places all in this order; the arena may grow in both directions and is moved to 0 at the end. */
  place(order: readonly number[]): { offsets: number[]; bytes: number } {
    const offsets = new Array<number>(order.length).fill(0);
    const isPlaced = new Array<boolean>(order.length).fill(false);
    let [low, high] = [0, 0];
    for (const index of order) {
      const size = this.sizes[index];
      const near = this.neighbours[index].filter((n) => isPlaced[n.index]);
      let chosen = 0;
      let least = [Infinity];
      for (const offset of this.candidates(index, near, offsets, low, high)) {
        if (!near.every((n) => this.fits(size, offset, n, offsets[n.index]))) continue;
        const grown = Math.max(0, low - offset) + Math.max(0, offset + size - high);
        // Of places that cost the same, one over the input, else the lowest; downwards only where upwards costs more.
        const cost = [grown, near.some((n) => n.multiple !== undefined && offset === offsets[n.index]) ? 0 : 1, offset < low ? 1 : 0, Math.abs(offset - low)];
        if (isLess(cost, least)) [chosen, least] = [offset, cost];
      }
      offsets[index] = chosen;
      isPlaced[index] = true;
      if (size > 0) [low, high] = [Math.min(low, chosen), Math.max(high, chosen + size)];
    }
    return { offsets: offsets.map((offset, i) => (this.sizes[i] ? offset - low : 0)), bytes: high - low };
  }

  /** Offsets at which a block touches a limit: nothing between them can be better. */
  private candidates(index: number, near: readonly Neighbour[], offsets: readonly number[], low: number, high: number): number[] {
    const size = this.sizes[index];
    const found = [low, high - size];
    for (const n of near) {
      const at = offsets[n.index];
      found.push(at + this.sizes[n.index], at - size);
      if (n.multiple !== undefined) found.push(at);
      if (Number.isFinite(n.most)) found.push(at + n.most);
      if (Number.isFinite(n.least)) found.push(at + n.least);
    }
    for (const { index: other, multiple } of near) {
      if (multiple === undefined || !Number.isFinite(multiple)) continue;
      for (const offset of [...found]) {
        const distance = Math.floor((offset - offsets[other]) / multiple) * multiple;
        found.push(offsets[other] + distance, offsets[other] + distance + multiple);
      }
    }
    return found;
  }

  private fits(size: number, offset: number, n: Neighbour, other: number): boolean {
    if (offset + size <= other || other + this.sizes[n.index] <= offset) return true;
    const distance = offset - other;
    return (n.multiple !== undefined && distance % n.multiple === 0) || distance <= n.most || distance >= n.least;
  }
}

/** For each interval the others that live at one of its steps, in the order of their indices; those without bytes have none. */
function together(intervals: readonly Interval[], sizes: readonly number[]): number[][] {
  const found = intervals.map((): number[] => []);
  const byFirst = intervals.map((_, i) => i).filter((i) => sizes[i] > 0).sort((a, b) => intervals[a].first - intervals[b].first);
  let alive: number[] = [];
  for (const i of byFirst) {
    alive = alive.filter((j) => intervals[j].last >= intervals[i].first);
    for (const j of alive) {
      if (!overlap(intervals[i], intervals[j])) continue;
      found[i].push(j);
      found[j].push(i);
    }
    alive.push(i);
  }
  return found.map((others) => others.sort((a, b) => a - b));
}

/** In lexical order. */
function isLess(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((x, k) => x !== b[k]);
  return i >= 0 && a[i] < b[i];
}

/** Offsets are multiples of the alignment: distances are too. */
function multipleOf(overlay: Overlay | undefined): number | undefined {
  if (!overlay?.same) return undefined;
  if (overlay.multiple === undefined) return Infinity;
  let multiple = overlay.multiple;
  while (multiple % ALIGNMENT) multiple += overlay.multiple;
  return multiple;
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
