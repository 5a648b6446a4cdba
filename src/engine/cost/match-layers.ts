import type { LayerReport } from './report';
import type { MatchedBy } from './compare-report';

export interface LayerMatch {
  /** Indices into the two lists. */
  readonly before: number;
  readonly after: number;
  readonly by: MatchedBy;
}

/** Pairs beyond this in one gap are not scored against each other: rows are then paired by their place. */
const PAIRS_AT_MOST = 1_000_000;

/**
 * Which layers of two models are the same, in rising order on both sides. Layers with the same name, unique on both sides,
 * come first (the longest run of them in the same order: patience diff); what lies between two of them is aligned by op,
 * then by shape, then by place, so that the pairs never cross.
 */
export function matchLayers(before: readonly LayerReport[], after: readonly LayerReport[]): readonly LayerMatch[] {
  const anchors = longestRising(sameNames(before, after));
  const found: LayerMatch[] = [];
  let [a, b] = [0, 0];
  for (const anchor of [...anchors, { before: before.length, after: after.length }]) {
    found.push(...alignGap(before, after, a, anchor.before, b, anchor.after));
    if (anchor.before < before.length) found.push({ ...anchor, by: 'name' });
    [a, b] = [anchor.before + 1, anchor.after + 1];
  }
  return found;
}

type Pair = Pick<LayerMatch, 'before' | 'after'>;

/** Names that one layer on each side has, in the order of `before`; the op must be the same, as tools number layers anew. */
function sameNames(before: readonly LayerReport[], after: readonly LayerReport[]): readonly Pair[] {
  const [left, right] = [uniqueNames(before), uniqueNames(after)];
  return [...left].flatMap(([name, index]) => {
    const other = right.get(name);
    return other !== undefined && before[index].op === after[other].op ? [{ before: index, after: other }] : [];
  });
}

function uniqueNames(layers: readonly LayerReport[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  layers.forEach(({ name }, i) => (found.has(name) ? twice.add(name) : found.set(name, i)));
  for (const name of twice) found.delete(name);
  return found;
}

/** The longest subsequence with rising `after`: patience sorting, n log n. */
function longestRising(pairs: readonly Pair[]): readonly Pair[] {
  const ends: number[] = [];
  const previous: number[] = [];
  pairs.forEach((pair, i) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]].after < pair.after) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? ends[low - 1] : -1;
    ends[low] = i;
  });
  const found: Pair[] = [];
  for (let i = ends.length ? ends[ends.length - 1] : -1; i >= 0; i = previous[i]) found.push(pairs[i]);
  return found.reverse();
}

const sameShape = (a: LayerReport, b: LayerReport): boolean => a.outputShape.length === b.outputShape.length && a.outputShape.every((extent, i) => extent === b.outputShape[i]);

/** How alike two layers are: 0 for layers that must not be paired. A shape and a label count more than being next in line. */
function likeness(a: LayerReport, b: LayerReport): number {
  if (a.op !== b.op) return 0;
  return 4 + (a.label === b.label ? 2 : 0) + (sameShape(a, b) ? 3 : 0);
}

const how = (a: LayerReport, b: LayerReport): MatchedBy => (a.name === b.name ? 'name' : sameShape(a, b) ? 'shape' : 'position');

/** Best alignment of two gaps (Needleman and Wunsch, 1970, without a gap cost). */
function alignGap(before: readonly LayerReport[], after: readonly LayerReport[], a0: number, a1: number, b0: number, b1: number): LayerMatch[] {
  const [rows, columns] = [a1 - a0, b1 - b0];
  if (rows <= 0 || columns <= 0) return [];
  if (rows * columns > PAIRS_AT_MOST) return byPlace(before, after, a0, b0, Math.min(rows, columns));
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const alike = likeness(before[a0 + i], after[b0 + j]);
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], alike ? alike + best[i + 1][j + 1] : 0);
    }
  }
  const found: LayerMatch[] = [];
  let [i, j] = [0, 0];
  while (i < rows && j < columns) {
    const alike = likeness(before[a0 + i], after[b0 + j]);
    if (alike && best[i][j] === alike + best[i + 1][j + 1]) {
      found.push({ before: a0 + i, after: b0 + j, by: how(before[a0 + i], after[b0 + j]) });
      [i, j] = [i + 1, j + 1];
    } else if (best[i][j] === best[i + 1][j]) i++;
    else j++;
  }
  return found;
}

function byPlace(before: readonly LayerReport[], after: readonly LayerReport[], a0: number, b0: number, count: number): LayerMatch[] {
  return Array.from({ length: count }, (_, i) => i).flatMap((i) => (likeness(before[a0 + i], after[b0 + i]) ? [{ before: a0 + i, after: b0 + i, by: how(before[a0 + i], after[b0 + i]) }] : []));
}
