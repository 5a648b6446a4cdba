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

  /**
   * Codes and scales for one output channel, its weights in blocks with a scale each (`blockOf`), or in one. No scale is less
   * than `minimalScale`.
   */
  round(target: Float64Array, grid: WeightGrid, shares: readonly number[], minimalScale: number, blockOf: Int32Array = new Int32Array(target.length)): RoundedRow {
    const blocks = membersOf(blockOf);
    const full = blocks.map((members) => fullScale(grid, Float64Array.from(members, (i) => target[i]), 0, members.length));
    let best: RoundedRow | undefined;
    for (const share of shares) {
      // A block of zeros has no scale of its own: any does.
      const start = Float64Array.from(full, (scale) => Math.max(scale * share, minimalScale) || 1);
      if (!full.some((scale) => Math.max(scale * share, minimalScale) > 0)) return { codes: new Float64Array(target.length), scale: start, error: 0 };
      const row = this.refine(target, this.passOn(target, grid, start, blockOf), grid, { scale: start, blocks, blockOf, minimalScale });
      if (!best || row.error < best.error) best = row;
    }
    return best!;
  }

  private passOn(target: Float64Array, grid: WeightGrid, scale: Float64Array, blockOf: Int32Array): Float64Array {
    const n = target.length;
    const rest = Float64Array.from(this.order, (i) => target[i]);
    const codes = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const step = scale[blockOf[this.order[i]]];
      const code = nearestCode(grid, rest[i] / step);
      codes[this.order[i]] = code;
      const error = (rest[i] - code * step) / this.upper[i * n + i];
      if (error !== 0) for (let j = i + 1; j < n; j++) rest[j] -= error * this.upper[i * n + j];
    }
    return codes;
  }

  /** Changes of single codes and of the scales, in turn, while the error falls. */
  private refine(target: Float64Array, codes: Float64Array, grid: WeightGrid, start: Scales): RoundedRow {
    const n = target.length;
    const h = this.hessian;
    const { blockOf } = start;
    const scale = start.scale.slice();
    let before = Infinity;
    for (let round = 0; round < 4; round++) {
      this.fitScales(target, codes, { ...start, scale });
      const difference = Float64Array.from(target, (w, i) => w - scale[blockOf[i]] * codes[i]);
      const gradient = times(h, difference, n);
      for (let sweep = 0, changed = true; changed && sweep < 8; sweep++) {
        changed = false;
        for (let i = 0; i < n; i++) {
          const size = scale[blockOf[i]];
          const step = nearestCode(grid, codes[i] + gradient[i] / (size * h[i * n + i])) - codes[i];
          if (step === 0 || -2 * gradient[i] * step + size * step * step * h[i * n + i] >= 0) continue;
          changed = true;
          codes[i] += step;
          difference[i] -= size * step;
          for (let j = 0; j < n; j++) gradient[j] -= size * step * h[i * n + j];
        }
      }
      let error = 0;
      for (let i = 0; i < n; i++) error += difference[i] * gradient[i];
      if (error > before * 0.999) return { codes, scale, error };
      before = error;
    }
    return { codes, scale, error: before };
  }

  /** Sets each block's scale to the one with the least error for given codes, the others as they are; blocks of zeros keep theirs. */
  private fitScales(target: Float64Array, codes: Float64Array, { scale, blocks, blockOf, minimalScale }: Scales): void {
    const difference = Float64Array.from(target, (w, i) => w - scale[blockOf[i]] * codes[i]);
    blocks.forEach((members, b) => {
      const own = new Float64Array(codes.length);
      for (const i of members) own[i] = codes[i];
      const image = times(this.hessian, own, own.length);
      let [numerator, denominator] = [0, 0];
      for (let i = 0; i < own.length; i++) {
        numerator += image[i] * (difference[i] + scale[b] * own[i]);
        denominator += image[i] * own[i];
      }
      const fitted = Math.fround(numerator / denominator);
      const next = Math.max(minimalScale, denominator > 0 && fitted > 0 ? fitted : scale[b]);
      for (const i of members) difference[i] += (scale[b] - next) * codes[i];
      scale[b] = next;
    });
  }
}

interface Scales {
  /** One for each block. */
  readonly scale: Float64Array;
  readonly blocks: readonly (readonly number[])[];
  readonly blockOf: Int32Array;
  readonly minimalScale: number;
}

export interface RoundedRow {
  readonly codes: Float64Array;
  /** One for each block. */
  readonly scale: Float64Array;
  /** Mean square error of the layer's output, damping included. */
  readonly error: number;
}

/** Weights of each block. */
function membersOf(blockOf: Int32Array): number[][] {
  const blocks: number[][] = [];
  blockOf.forEach((block, i) => (blocks[block] ??= []).push(i));
  return blocks;
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
