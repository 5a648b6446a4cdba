import { cholesky } from '../../quant/cholesky';
import { symmetricEigen } from '../../quant/eigen';
import { damped, type InputStatistics } from '../prune/input-statistics';

/** A matrix as a product of two: outer [rows, rank] times inner [rank, columns]. */
export interface Factors {
  readonly outer: Float64Array;
  readonly inner: Float64Array;
  readonly rank: number;
}

/** Products of lower rank that are nearest to one matrix. */
export interface LowRank {
  /** Share of the output's variance that is lost at a rank. */
  loss(rank: number): number;
  factors(rank: number): Factors;
}

/**
 * Weights [rows, columns] of lower rank whose outputs, on inputs like those seen, are nearest to the layer's: the singular value
 * decomposition of the weights times the Cholesky factor of the inputs' covariance (Wang et al. 2024, arXiv 2403.07378). Without
 * statistics, that of the weights alone.
 */
export function lowRank(weights: ArrayLike<number>, rows: number, columns: number, statistics?: InputStatistics): LowRank {
  const lower = statistics && cholesky(damped(statistics, Array.from({ length: columns }, (_, i) => i)), columns);
  const colored = lower ? timesLower(weights, lower, rows, columns) : Float64Array.from(weights);
  // The smaller of the two Gram matrices has all that is not zero.
  const small = Math.min(rows, columns);
  const gram = new Float64Array(small * small);
  const at = rows <= columns ? (i: number, k: number) => colored[i * columns + k] : (i: number, k: number) => colored[k * columns + i];
  const length = Math.max(rows, columns);
  for (let i = 0; i < small; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += at(i, k) * at(j, k);
      gram[i * small + j] = gram[j * small + i] = sum;
    }
  }
  const { values, vectors } = symmetricEigen(gram, small);
  const total = values.reduce((sum, x) => sum + Math.max(0, x), 0) || 1;
  return {
    loss: (rank) => values.slice(rank).reduce((sum, x) => sum + Math.max(0, x), 0) / total,
    factors(rank) {
      const outer = new Float64Array(rows * rank);
      const inner = new Float64Array(rank * columns);
      for (let r = 0; r < rank; r++) {
        const vector = vectors.subarray(r * small, (r + 1) * small);
        if (rows <= columns) {
          // Left singular vectors: outer = U, inner = U^T W.
          for (let i = 0; i < rows; i++) {
            outer[i * rank + r] = vector[i];
            for (let c = 0; c < columns; c++) inner[r * columns + c] += vector[i] * weights[i * columns + c];
          }
        } else {
          // Right singular vectors of W L: outer = W L V, inner = V^T L^-1.
          for (let i = 0; i < rows; i++) for (let c = 0; c < columns; c++) outer[i * rank + r] += colored[i * columns + c] * vector[c];
          inner.set(lower ? solveTransposed(lower, vector, columns) : vector, r * columns);
        }
      }
      return balanced({ outer, inner, rank }, rows, columns);
    },
  };
}

/** Each channel in between has the same size on both sides: codes of either serve it alike. */
function balanced({ outer, inner, rank }: Factors, rows: number, columns: number): Factors {
  for (let r = 0; r < rank; r++) {
    let [before, after] = [0, 0];
    for (let c = 0; c < columns; c++) before = Math.max(before, Math.abs(inner[r * columns + c]));
    for (let i = 0; i < rows; i++) after = Math.max(after, Math.abs(outer[i * rank + r]));
    const factor = before > 0 && after > 0 ? Math.sqrt(after / before) : 1;
    for (let c = 0; c < columns; c++) inner[r * columns + c] *= factor;
    for (let i = 0; i < rows; i++) outer[i * rank + r] /= factor;
  }
  return { outer, inner, rank };
}

function timesLower(weights: ArrayLike<number>, lower: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      const w = weights[i * columns + k];
      if (w !== 0) for (let c = 0; c <= k; c++) result[i * columns + c] += w * lower[k * columns + c];
    }
  }
  return result;
}

/** The row x with x * L = b. */
function solveTransposed(lower: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= x[k] * lower[k * n + i];
    x[i] /= lower[i * n + i];
  }
  return x;
}
