import { definite, solveCholesky } from '../../quant/cholesky';
import { asStored, errorFactor, inOrder, passOn, type WeightRows } from './pass-on';

/** Sizes of codebooks: codes of 2, 4 and 8 bits. */
export const codebookSizes = [4, 16, 256] as const;
export type CodebookSize = (typeof codebookSizes)[number];

const ROUNDS = 30;
/** Codes and codebook are chosen in turn. */
const TURNS = 3;
/** Codebooks up to this size are fitted to the layer's outputs; of larger ones every entry is near to its weights anyway. */
const MOST_FITTED = 64;

/**
 * Weights that take few values: a codebook by k-means, weights by what their inputs make of them, then codes column by column with
 * errors passed on and the codebook fitted again to the layer's outputs. `moments` as for `sparsify`; `round` gives what an entry
 * can be (a code). Where many weights are zero they stay so.
 */
export function cluster(weights: WeightRows, size: CodebookSize, moments?: Float64Array, round: (value: number) => number = (value) => value): Float64Array {
  const { depth, rowScale, order } = weights;
  const start = inOrder(weights);
  const power = start.map((_, i) => rowScale[Math.floor(i / depth)] ** 2 * (moments ? moments[order[i % depth] * (depth + 1)] : 1));
  const isSparse = hasManyZeros(start, size);
  let codebook = kMeans(start, power, size, isSparse).map(round);
  if (!moments) return asStored(start.map((value) => codebook[nearest(codebook, value)]), weights);
  const upper = errorFactor(moments, order);
  let best: { rows: Float64Array; error: number } | undefined;
  for (let turn = 0; turn < TURNS; turn++) {
    const codes = assigned(start, depth, codebook, upper, isSparse);
    if (size <= MOST_FITTED) codebook = fitted(start, codes, codebook, weights, moments).map(round);
    const rows = Float64Array.from(codes, (code) => codebook[code]);
    const error = errorOf(start, rows, weights, moments);
    if (!best || error < best.error) best = { rows, error };
    codebook = [...new Set(codebook)].sort((a, b) => a - b);
  }
  return asStored(best!.rows, weights);
}

/** Zeros that somebody made are not undone. */
const hasManyZeros = (values: Float64Array, size: number): boolean => values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0) * size > values.length;

/** Entry that is nearest; entries rise. */
function nearest(codebook: readonly number[], value: number): number {
  let [low, high] = [0, codebook.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (codebook[middle] <= value) low = middle;
    else high = middle;
  }
  return value - codebook[low] <= codebook[high] - value ? low : high;
}

/** Lloyd's algorithm on numbers with weights, from equal shares of them; entries rise. */
function kMeans(values: Float64Array, power: Float64Array, size: number, keepsZero: boolean): number[] {
  const sorted = Float64Array.from(values).sort();
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (distinct.length <= size) return [...distinct];
  // Half by the numbers that occur, half by their range: tails have few, and large ones.
  let entries = [...new Set(Array.from({ length: size }, (_, i) => {
    const at = (i + 0.5) / size;
    return (sorted[Math.floor(at * sorted.length)] + distinct[0] + at * (distinct[distinct.length - 1] - distinct[0])) / 2;
  }))].sort((a, b) => a - b);
  if (keepsZero) entries[nearest(entries, 0)] = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [sums, totals] = [new Float64Array(entries.length), new Float64Array(entries.length)];
    values.forEach((value, i) => {
      const at = nearest(entries, value);
      sums[at] += value * power[i];
      totals[at] += power[i];
    });
    const next = entries.map((entry, i) => (totals[i] > 0 && !(keepsZero && entry === 0) ? sums[i] / totals[i] : entry)).sort((a, b) => a - b);
    if (next.every((entry, i) => entry === entries[i])) break;
    entries = next;
  }
  return entries;
}

function assigned(start: Float64Array, depth: number, codebook: readonly number[], upper: Float64Array, keepsZero: boolean): Uint8Array {
  const rows = start.slice();
  const zero = keepsZero ? codebook.indexOf(0) : -1;
  const codes = new Uint8Array(rows.length);
  for (let row = 0; row * depth < rows.length; row++) {
    for (let column = 0; column < depth; column++) {
      const at = row * depth + column;
      codes[at] = zero >= 0 && start[at] === 0 ? zero : nearest(codebook, rows[at]);
      passOn(rows, depth, row, column, rows[at] - codebook[codes[at]], upper);
    }
  }
  return codes;
}

/** The codebook with the least error of the layer's outputs for given codes: a linear least squares problem of its size. */
function fitted(start: Float64Array, codes: Uint8Array, codebook: readonly number[], { depth, rowScale, order }: WeightRows, moments: Float64Array): number[] {
  const size = codebook.length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const sums = new Float64Array(size);
  for (let row = 0; row * depth < start.length; row++) {
    const scale = rowScale[row] ** 2;
    for (let i = 0; i < depth; i++) {
      sums.fill(0);
      let image = 0;
      const code = codes[row * depth + i];
      for (let j = 0, h = order[i] * depth; j < depth; j++) {
        const moment = moments[h + order[j]];
        sums[codes[row * depth + j]] += moment;
        image += moment * start[row * depth + j];
      }
      for (let k = 0; k < size; k++) matrix[code * size + k] += scale * sums[k];
      right[code] += scale * image;
    }
  }
  let trace = 0;
  for (let k = 0; k < size; k++) trace += matrix[k * size + k];
  // Entries without weights stay where they are; others hardly notice.
  for (let k = 0; k < size; k++) {
    matrix[k * size + k] += (trace / size) * 1e-6;
    right[k] += (trace / size) * 1e-6 * codebook[k];
  }
  solveCholesky(definite(matrix, size), size, right);
  return codebook.map((entry, k) => (entry === 0 ? 0 : right[k]));
}

/** Mean square error of the layer's outputs, damping included. */
function errorOf(start: Float64Array, rows: Float64Array, { depth, rowScale, order }: WeightRows, moments: Float64Array): number {
  let sum = 0;
  for (let row = 0; row * depth < start.length; row++) {
    for (let i = 0; i < depth; i++) {
      const difference = (start[row * depth + i] - rows[row * depth + i]) * rowScale[row] ** 2;
      if (difference === 0) continue;
      for (let j = 0, h = order[i] * depth; j < depth; j++) sum += difference * moments[h + order[j]] * (start[row * depth + j] - rows[row * depth + j]);
    }
  }
  return sum;
}
