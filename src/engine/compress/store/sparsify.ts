import { definite, solveCholesky } from '../../quant/cholesky';
import { asStored, errorFactor, inOrder, passOn, type WeightRows } from './pass-on';

/** Which weights may become zero together. */
export const sparsePatterns = ['free', 'blocks', '2:4', '1:4'] as const;
/**
 * `free`: any, a bit of flash each. `blocks`: four neighbours, which kernels skip. `2:4`, `1:4`: all but so many of every four
 * neighbours.
 */
export type SparsePattern = (typeof sparsePatterns)[number];

/** Of four neighbours in a row. */
const GROUP = 4;
const keptOfGroup: Partial<Record<SparsePattern, number>> = { '2:4': 2, '1:4': 1 };

/** The share of zeros that a pattern has by itself. */
export const shareOfPattern = (pattern: SparsePattern): number | undefined => (keptOfGroup[pattern] === undefined ? undefined : 1 - keptOfGroup[pattern] / GROUP);

/** Columns that are decided together, so that later choices know of earlier errors. Source: SparseGPT's mask selection block. */
const BLOCK = 128;

/**
 * Weights with a share of zeros such that the layer's outputs change least: SparseGPT (Frantar and Alistarh 2023, arXiv
 * 2301.00774). `moments` [depth, depth] are the damped second moments of the inputs; without them the smallest weights go and
 * the others stay as they are. `keep` rounds what stays (codes).
 */
export function sparsify(weights: WeightRows, pattern: SparsePattern, share: number, moments?: Float64Array, keep: (value: number) => number = (value) => value): Float64Array {
  const { depth, rowScale } = weights;
  const rows = inOrder(weights);
  const count = rows.length / depth;
  const upper = moments && errorFactor(moments, weights.order);
  const cost = (row: number, column: number): number => {
    const size = rows[row * depth + column] * rowScale[row];
    return upper ? (size / upper[column * depth + column]) ** 2 : size * size;
  };
  const goes = new Uint8Array(rows.length);
  for (let from = 0; from < depth; from += upper ? BLOCK : depth) {
    const to = upper ? Math.min(depth, from + BLOCK) : depth;
    choose(goes, cost, pattern, share, { count, depth, from, to });
    for (let column = from; column < to; column++) {
      for (let row = 0; row < count; row++) {
        const at = row * depth + column;
        const value = rows[at];
        rows[at] = goes[at] ? 0 : keep(value);
        if (upper) passOn(rows, depth, row, column, value - rows[at], upper);
      }
    }
  }
  const sparse = asStored(rows, weights);
  return moments ? refitted(weights, sparse, moments, keep) : sparse;
}

/** Errors are only passed on to later columns: in the end what stays of each row is fitted to the whole row once more. */
function refitted({ values, depth }: WeightRows, sparse: Float64Array, moments: Float64Array, keep: (value: number) => number): Float64Array {
  const result = new Float64Array(sparse.length);
  for (let row = 0; row < sparse.length; row += depth) {
    const [kept, gone] = [[] as number[], [] as number[]];
    for (let i = 0; i < depth; i++) (sparse[row + i] === 0 ? gone : kept).push(i);
    const matrix = Float64Array.from({ length: kept.length ** 2 }, (_, at) => moments[kept[Math.floor(at / kept.length)] * depth + kept[at % kept.length]]);
    const shift = Float64Array.from(kept, (i) => gone.reduce((sum, j) => sum + moments[i * depth + j] * values[row + j], 0));
    if (kept.length) solveCholesky(definite(matrix, kept.length), kept.length, shift);
    kept.forEach((i, at) => (result[row + i] = keep(values[row + i] + shift[at])));
  }
  return result;
}

interface Part {
  readonly count: number;
  readonly depth: number;
  readonly from: number;
  readonly to: number;
}

/** Marks what becomes zero among some columns of all rows. */
function choose(goes: Uint8Array, cost: (row: number, column: number) => number, pattern: SparsePattern, share: number, { count, depth, from, to }: Part): void {
  const size = pattern === 'free' ? 1 : GROUP;
  const kept = keptOfGroup[pattern];
  const units: { readonly at: number; readonly length: number; readonly cost: number }[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = from; column < to; column += size) {
      const length = Math.min(size, to - column);
      const costs = Array.from({ length }, (_, i) => cost(row, column + i));
      const at = row * depth + column;
      if (kept === undefined) units.push({ at, length, cost: costs.reduce((a, b) => a + b, 0) });
      else for (const i of costs.map((_, k) => k).sort((a, b) => costs[a] - costs[b] || a - b).slice(0, Math.max(0, length - kept))) goes[at + i] = 1;
    }
  }
  units.sort((a, b) => a.cost - b.cost || a.at - b.at);
  for (const { at, length } of units.slice(0, Math.round(units.length * share))) goes.fill(1, at, at + length);
}
