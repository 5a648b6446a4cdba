import type { ArenaView, TensorView } from '../../../src/messages/inspector';

/** A tensor as a rectangle: addresses across, steps down; both ends of the step range are inclusive and inside the model. */
export interface Block {
  readonly tensor: TensorView;
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
  /** Neighbours in the order of execution alternate, to tell them apart. */
  readonly odd: boolean;
}

/** An area that two tensors share while both are alive: an output overwrites input already read. */
export interface Overlap {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

/** In the order of their first step. Tensors without bytes take no room and are left out. */
export function blocksOf(arena: ArenaView, steps: number): readonly Block[] {
  const last = Math.max(0, steps - 1);
  return arena.tensors
    .filter((tensor) => tensor.bytes > 0)
    .map((tensor) => ({
      tensor,
      first: Math.min(Math.max(tensor.firstStep, 0), last),
      last: Math.min(Math.max(tensor.lastStep, 0), last),
      start: tensor.offset,
      end: tensor.offset + tensor.bytes,
    }))
    .sort((a, b) => a.tensor.firstStep - b.tensor.firstStep || a.start - b.start)
    .map((block, i) => ({ ...block, odd: i % 2 === 1 }));
}

export function overlapsOf(blocks: readonly Block[]): readonly Overlap[] {
  const found: Overlap[] = [];
  blocks.forEach((a, i) => {
    // Sorted by first step: what begins after a has ended cannot meet it, nor can anything behind it.
    for (let j = i + 1; j < blocks.length && blocks[j].first <= a.last; j++) {
      const b = blocks[j];
      const start = Math.max(a.start, b.start);
      const end = Math.min(a.end, b.end);
      if (start < end) found.push({ first: b.first, last: Math.min(a.last, b.last), start, end });
    }
  });
  return found;
}

export const inRows = <T extends { readonly first: number; readonly last: number }>(items: readonly T[], first: number, last: number): readonly T[] =>
  items.filter((item) => item.last >= first && item.first <= last);

export interface Axis {
  /** Bytes at the far end. */
  readonly maxBytes: number;
  readonly ticks: readonly number[];
  /** Ticks are labelled in KiB from here on, in bytes below. */
  readonly unit: 'KiB' | 'B';
  /** The board's RAM, where it is near enough to be drawn to scale. */
  readonly limitBytes?: number;
}

const TICKS_AT_MOST = 5;
/** A limit farther away than this would squeeze the arena into a corner. */
const LIMIT_IN_SIGHT = 2;

export function axisOf(arena: ArenaView): Axis {
  const used = Math.max(arena.bytes, 1);
  const limitBytes = arena.limitBytes !== undefined && arena.limitBytes <= used * LIMIT_IN_SIGHT ? arena.limitBytes : undefined;
  const maxBytes = Math.max(used, limitBytes ?? 0) * 1.06;
  let step = 1;
  while (maxBytes / step > TICKS_AT_MOST) step *= 2;
  const ticks = Array.from({ length: Math.floor(maxBytes / step) + 1 }, (_, i) => i * step);
  return { maxBytes, ticks, unit: step >= 1024 ? 'KiB' : 'B', limitBytes };
}

export const tickText = (bytes: number, unit: Axis['unit']): string => String(unit === 'KiB' ? bytes / 1024 : bytes);

/** Runs of neighbouring steps: peak rows are marked once per run. */
export function runsOf(steps: readonly number[]): readonly { readonly first: number; readonly last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const step of [...steps].sort((a, b) => a - b)) {
    const run = runs[runs.length - 1];
    if (run && step <= run.last + 1) run.last = step;
    else runs.push({ first: step, last: step });
  }
  return runs;
}

export type LabelPlace = 'inside' | 'right' | 'none';

/** About the width of one character of an 11 px label. */
const PX_PER_CHARACTER = 6.6;

/** Where a block's label fits in its first row without touching another block. */
export function labelPlace(block: Block, text: string, blocks: readonly Block[], pxPerByte: number, widthPx: number): LabelPlace {
  const textPx = text.length * PX_PER_CHARACTER + 10;
  const covers = (from: number, to: number): boolean =>
    blocks.some((other) => other !== block && other.first <= block.first && other.last >= block.first && other.start * pxPerByte < to && other.end * pxPerByte > from);
  if ((block.end - block.start) * pxPerByte >= textPx && !blocks.some((other) => startsUnder(other, block, textPx, pxPerByte))) return 'inside';
  const from = block.end * pxPerByte;
  return from + textPx <= widthPx && !covers(from, from + textPx) ? 'right' : 'none';
}

/** True where another block lies over the place of this one's label. */
function startsUnder(other: Block, block: Block, textPx: number, pxPerByte: number): boolean {
  if (other === block || other.first > block.first || other.last < block.first) return false;
  const from = block.start * pxPerByte;
  return other.start * pxPerByte < from + textPx && other.end * pxPerByte > from;
}
