import { formatCount } from '../../../src/base/units';
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

export const tickText = (bytes: number, unit: Axis['unit']): string => formatCount(unit === 'KiB' ? bytes / 1024 : bytes);

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

/** About the width of one character of an 11 px label. */
const PX_PER_CHARACTER = 6.6;
const LABEL_PADDING_PX = 10;

export const labelWidth = (text: string): number => text.length * PX_PER_CHARACTER + LABEL_PADDING_PX;

export interface Label {
  readonly block: Block;
  readonly text: string;
  readonly place: 'inside' | 'right';
  /** Pixels from address 0 to where the text's room begins. */
  readonly at: number;
}

/**
 * Labels of blocks in the row where each begins, the largest first: inside where no other block covers it, else where no other
 * label stands, else behind it where nothing lies. A block without such a place has none. `endOf` is how far a row's labels may
 * reach, in pixels.
 */
export function labelsOf(blocks: readonly Block[], textOf: (block: Block) => string, pxPerByte: number, endOf: (row: number) => number): readonly Label[] {
  const taken = new Map<number, [number, number][]>();
  const bySize = [...blocks].sort((a, b) => b.end - b.start - (a.end - a.start));
  return bySize.flatMap((block): Label[] => {
    const text = textOf(block);
    const wide = labelWidth(text);
    const [from, to] = [block.start * pxPerByte, block.end * pxPerByte];
    const others = blocks.filter((other) => other !== block && other.first <= block.first && other.last >= block.first).map((other): [number, number] => [other.start * pxPerByte, other.end * pxPerByte]);
    const labels = taken.get(block.first) ?? [];
    const inside = gap([...others, ...labels], from, to, wide) ?? gap(labels, from, to, wide);
    const behind = inside === undefined && !meets([...others, ...labels], to, to + wide) && to + wide <= endOf(block.first) ? to : undefined;
    const at = inside ?? behind;
    if (at === undefined) return [];
    taken.set(block.first, [...labels, [at, at + wide]]);
    return [{ block, text, place: inside === undefined ? 'right' : 'inside', at }];
  });
}

const meets = (spans: readonly (readonly [number, number])[], from: number, to: number): boolean => spans.some((span) => span[0] < to && span[1] > from);

/** First place of `wide` pixels between `from` and `to` that no span meets. */
function gap(spans: readonly (readonly [number, number])[], from: number, to: number, wide: number): number | undefined {
  return [from, ...spans.map(([, end]) => end).filter((end) => end > from)].sort((a, b) => a - b).find((at) => at + wide <= to && !meets(spans, at, at + wide));
}

/** A rectangle of the drawing, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const LINE_PX = 14;

/**
 * Lines of text for boxes, the largest first: as many lines of each as fit into it without meeting another label or what is in
 * `taken`. The first line is the one that stays.
 */
export function boxLabels(boxes: readonly (Box & { readonly lines: readonly string[] })[], taken: readonly Box[] = []): readonly { readonly box: number; readonly lines: readonly string[] }[] {
  const placed = [...taken];
  const bySize = boxes.map((box, i) => ({ ...box, i })).sort((a, b) => b.width * b.height - a.width * a.height);
  return bySize.flatMap(({ i, left, top, width, height, lines }) => {
    for (let count = lines.length; count > 0; count--) {
      const shown = lines.slice(0, count);
      const area: Box = { left, top, width: Math.max(...shown.map(labelWidth)), height: LINE_PX * count + 4 };
      if (area.width > width || area.height > height || placed.some((other) => overlap(area, other))) continue;
      placed.push(area);
      return [{ box: i, lines: shown }];
    }
    return [];
  });
}

const overlap = (a: Box, b: Box): boolean => a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

/** 1, 2 or 5 times a power of ten: the least such step that leaves at most `most` marks on `count`. */
export function roundStep(count: number, most: number): number {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) if (count / (step * power) <= most) return step * power;
}
