import { definite, inverseOf } from '../../quant/cholesky';

/** A layer's weights, [outputs, depth] flattened, in whatever unit they are stored. */
export interface WeightRows {
  readonly values: ArrayLike<number>;
  readonly depth: number;
  /** What a unit stands for in each row: 1 for real weights, the scale for codes. */
  readonly rowScale: ArrayLike<number>;
  /** Columns in the order in which kernels read them: neighbours in it are neighbours in flash. */
  readonly order: readonly number[];
}

/**
 * Upper triangular U with UᵀU = inverse of the damped second moments of a layer's inputs [depth, depth], columns in the order
 * given: what an error in one column is best made up for by in those that follow (GPTQ: Frantar et al. 2022, arXiv 2210.17323).
 */
export function errorFactor(moments: Float64Array, order: readonly number[]): Float64Array {
  const n = order.length;
  const inverse = inverseOf(definite(moments.slice(), n), n);
  const permuted = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) permuted[i * n + j] = inverse[order[i] * n + order[j]];
  const lower = definite(permuted, n);
  const upper = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) upper[i * n + j] = lower[j * n + i];
  return upper;
}

/** Columns from `at` on take over what has become of the one in front of them; rows hold columns in the factor's order. */
export function passOn(rows: Float64Array, depth: number, row: number, column: number, error: number, upper: Float64Array): void {
  if (error === 0) return;
  const share = error / upper[column * depth + column];
  for (let j = column + 1, u = column * depth, at = row * depth; j < depth; j++) rows[at + j] -= share * upper[u + j];
}

/** Rows with their columns in order, and back. */
export function inOrder({ values, depth, order }: WeightRows): Float64Array {
  return Float64Array.from({ length: values.length }, (_, i) => values[i - (i % depth) + order[i % depth]]);
}

export function asStored(rows: Float64Array, { depth, order }: WeightRows): Float64Array {
  const result = new Float64Array(rows.length);
  rows.forEach((value, i) => (result[i - (i % depth) + order[i % depth]] = value));
  return result;
}
