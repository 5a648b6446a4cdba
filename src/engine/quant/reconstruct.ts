import { definite, inverseOf, solveCholesky } from './cholesky';
import type { Moments } from './moments';
import { fullScale, nearestCode, type WeightGrid } from './weight-types';

/**
 * Adaptive rounding in closed form: codes of a layer's weights, one output channel at a time, such that the layer's output
 * over the calibration rows is as near to the float model's as it gets. Rounding errors are passed on to the weights not yet
 * rounded (GPTQ: Frantar et al. 2022, arXiv 2210.17323), then single codes are changed as long as that helps.
 */
export class RowReconstructor {
  private readonly hessian: Float64Array;
  private readonly factor: Float64Array;
  /** Upper triangular U with U^T * U = inverse of the hessian, in the order of `order`. */
  private readonly upper: Float64Array;
  /** Columns, the most excited one first: it has the most others to pass its error on to. */
  private readonly order: readonly number[];

  constructor(private readonly moments: Moments, damping: number) {
    const { depth: n, covariance } = moments;
    let trace = 0;
    for (let i = 0; i < n; i++) trace += covariance[i * n + i];
    const ridge = Math.max((trace / n) * damping, 1e-12);
    this.hessian = covariance.slice();
    for (let i = 0; i < n; i++) this.hessian[i * n + i] += ridge;
    this.factor = definite(this.hessian, n);
    this.order = Array.from({ length: n }, (_, i) => i).sort((a, b) => covariance[b * n + b] - covariance[a * n + a] || a - b);
    const inverse = inverseOf(this.factor, n);
    const permuted = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) permuted[i * n + j] = inverse[this.order[i] * n + this.order[j]];
    this.upper = transposed(definite(permuted, n), n);
  }

  /**
   * Weights that would be best if they needed no rounding: they make up for what the quantized layers before have changed in
   * the input. `original` is left alone.
   */
  compensated(original: Float64Array): Float64Array {
    const { depth: n, cross, covariance } = this.moments;
    const shift = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const w = original[i];
      if (w !== 0) for (let j = 0; j < n; j++) shift[j] += w * (cross[i * n + j] - covariance[i * n + j]);
    }
    solveCholesky(this.factor, n, shift);
    return original.map((w, i) => w + shift[i]);
  }

  /** Codes and scale for one output channel. The scale is at least `minimalScale`. */
  round(target: Float64Array, grid: WeightGrid, shares: readonly number[], minimalScale: number): RoundedRow {
    const full = fullScale(grid, target, 0, target.length);
    let best: RoundedRow | undefined;
    for (const share of shares) {
      const start = Math.max(full * share, minimalScale);
      if (!(start > 0)) return { codes: new Float64Array(target.length), scale: 1, error: 0 };
      const row = this.refine(target, this.passOn(target, grid, start), grid, start, minimalScale);
      if (!best || row.error < best.error) best = row;
    }
    return best!;
  }

  private passOn(target: Float64Array, grid: WeightGrid, scale: number): Float64Array {
    const n = target.length;
    const rest = Float64Array.from(this.order, (i) => target[i]);
    const codes = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const code = nearestCode(grid, rest[i] / scale);
      codes[this.order[i]] = code;
      const error = (rest[i] - code * scale) / this.upper[i * n + i];
      if (error !== 0) for (let j = i + 1; j < n; j++) rest[j] -= error * this.upper[i * n + j];
    }
    return codes;
  }

  /** Changes of single codes and of the scale, in turn, while the error falls. */
  private refine(target: Float64Array, codes: Float64Array, grid: WeightGrid, start: number, minimalScale: number): RoundedRow {
    const n = target.length;
    const h = this.hessian;
    let scale = start;
    let before = Infinity;
    for (let round = 0; round < 4; round++) {
      scale = Math.max(minimalScale, this.bestScale(target, codes) ?? scale);
      const difference = Float64Array.from(target, (w, i) => w - scale * codes[i]);
      const gradient = times(h, difference, n);
      for (let sweep = 0, changed = true; changed && sweep < 8; sweep++) {
        changed = false;
        for (let i = 0; i < n; i++) {
          const step = nearestCode(grid, codes[i] + gradient[i] / (scale * h[i * n + i])) - codes[i];
          if (step === 0 || -2 * gradient[i] * step + scale * step * step * h[i * n + i] >= 0) continue;
          changed = true;
          codes[i] += step;
          difference[i] -= scale * step;
          for (let j = 0; j < n; j++) gradient[j] -= scale * step * h[i * n + j];
        }
      }
      let error = 0;
      for (let i = 0; i < n; i++) error += difference[i] * gradient[i];
      if (error > before * 0.999) return { codes, scale, error };
      before = error;
    }
    return { codes, scale, error: before };
  }

  /** Scale with the least error for given codes; undefined where all are zero. */
  private bestScale(target: Float64Array, codes: Float64Array): number | undefined {
    const image = times(this.hessian, codes, codes.length);
    let [numerator, denominator] = [0, 0];
    for (let i = 0; i < codes.length; i++) {
      numerator += image[i] * target[i];
      denominator += image[i] * codes[i];
    }
    const scale = Math.fround(numerator / denominator);
    return denominator > 0 && scale > 0 ? scale : undefined;
  }
}

export interface RoundedRow {
  readonly codes: Float64Array;
  readonly scale: number;
  /** Mean square error of the layer's output, damping included. */
  readonly error: number;
}

function times(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = vector[i];
    if (x !== 0) for (let j = 0; j < n; j++) result[j] += x * matrix[i * n + j];
  }
  return result;
}

function transposed(a: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[j * n + i] = a[i * n + j];
  return result;
}
