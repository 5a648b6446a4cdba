import { definite, solveCholesky } from '../../quant/cholesky';
import { damped, statisticsOf, type InputStatistics } from './input-statistics';

/**
 * Weights for some columns that come nearest to the layer with all of them: what the others contributed is predicted from those
 * that stay. `weights` are [outputs, depth]; those of left-out columns become zero. The bias takes up the means.
 */
export function compensate(statistics: InputStatistics, weights: ArrayLike<number>, bias: ArrayLike<number>, kept: readonly number[]): { weights: Float64Array; bias: Float64Array } {
  const { depth, covariance, mean } = statistics;
  const outputs = weights.length / depth;
  const isKept = new Set(kept);
  const gone = Array.from({ length: depth }, (_, i) => i).filter((i) => !isKept.has(i));
  const factor = definite(damped(statistics, kept), kept.length);
  const result = new Float64Array(weights.length);
  const newBias = Float64Array.from(bias);
  const shift = new Float64Array(kept.length);
  for (let o = 0; o < outputs; o++) {
    shift.fill(0);
    for (const g of gone) {
      const w = weights[o * depth + g];
      newBias[o] += w * mean[g];
      if (w !== 0) kept.forEach((k, i) => (shift[i] += w * covariance[g * depth + k]));
    }
    solveCholesky(factor, kept.length, shift);
    kept.forEach((k, i) => {
      result[o * depth + k] = weights[o * depth + k] + shift[i];
      newBias[o] -= shift[i] * mean[k];
    });
  }
  return { weights: result, bias: newBias };
}

/** Rows that a layer sees now, and what it computed from the same samples before anything was changed, its clamp not applied yet. */
export interface RefitData {
  /** [count, depth] */
  readonly rows: Float64Array;
  readonly depth: number;
  /** [count, outputs] */
  readonly targets: Float64Array;
  readonly outputs: number;
  /** Rows from here on are of other samples: the ridge is chosen on them. */
  readonly fitRows: number;
}

export interface Clamp {
  readonly min: number;
  readonly max: number;
}

/** Ridges that are tried, as shares of the mean variance: weights stay so near to those they had. */
const RIDGES = [0.001, 0.01, 0.1, 1, 10];
const SWEEPS = 6;

/**
 * Weights and bias with the least square error behind the layer's clamp, drawn towards those it has: what a clamp cuts off need
 * not be met, so targets beyond it move to wherever the fit is (majorization: each sweep lowers the error).
 */
export function refit(data: RefitData, weights: ArrayLike<number>, bias: ArrayLike<number>, clamp: Clamp): { weights: Float64Array; bias: Float64Array } {
  const fit: RefitData = { ...data, rows: data.rows.subarray(0, data.fitRows * data.depth), targets: data.targets.subarray(0, data.fitRows * data.outputs) };
  const check: RefitData = { ...data, rows: data.rows.subarray(data.fitRows * data.depth), targets: data.targets.subarray(data.fitRows * data.outputs) };
  const start: Fitted = { weights: Float64Array.from(weights), bias: Float64Array.from(bias) };
  let best: { ridge: number; error: number } = { ridge: Infinity, error: errorOf(check, start, clamp) };
  const solver = new Solver(fit);
  for (const ridge of RIDGES) {
    const error = errorOf(check, solver.solve(ridge, start, clamp, 2), clamp);
    if (error < best.error) best = { ridge, error };
  }
  // Nothing that is learnt from these samples holds for others.
  if (best.ridge === Infinity) return start;
  return new Solver(data).solve(best.ridge, start, clamp, SWEEPS);
}

interface Fitted {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

class Solver {
  private readonly statistics: InputStatistics;

  constructor(private readonly data: RefitData) {
    this.statistics = statisticsOf(data.rows, data.depth);
  }

  solve(ridge: number, start: Fitted, clamp: Clamp, sweeps: number): Fitted {
    const { depth, outputs, rows, targets } = this.data;
    const { mean, covariance } = this.statistics;
    const count = rows.length / depth;
    const hessian = covariance.slice();
    let trace = 0;
    for (let i = 0; i < depth; i++) trace += covariance[i * depth + i];
    // With few rows the same share of the variance says less.
    const extra = Math.max((trace / depth) * ridge * Math.min(1, (4 * depth) / count), 1e-12);
    for (let i = 0; i < depth; i++) hessian[i * depth + i] += extra;
    const factor = definite(hessian, depth);
    const now = { weights: start.weights.slice(), bias: start.bias.slice() };
    const residual = new Float64Array(targets.length);
    const isFree = clamp.min === -Infinity && clamp.max === Infinity;
    const gradient = new Float64Array(depth);
    for (let sweep = 0; sweep < (isFree ? 1 : sweeps); sweep++) {
      residuals(this.data, now, clamp, residual);
      for (let o = 0; o < outputs; o++) {
        let meanResidual = 0;
        for (let n = 0; n < count; n++) meanResidual += residual[n * outputs + o];
        meanResidual /= count;
        gradient.fill(0);
        for (let n = 0; n < count; n++) {
          const r = residual[n * outputs + o] - meanResidual;
          if (r !== 0) for (let i = 0, at = n * depth; i < depth; i++) gradient[i] += r * rows[at + i];
        }
        for (let i = 0; i < depth; i++) gradient[i] = gradient[i] / count - extra * (now.weights[o * depth + i] - start.weights[o * depth + i]);
        solveCholesky(factor, depth, gradient);
        let shift = meanResidual;
        for (let i = 0; i < depth; i++) {
          now.weights[o * depth + i] += gradient[i];
          shift -= gradient[i] * mean[i];
        }
        now.bias[o] += shift;
      }
    }
    return now;
  }
}

/** Calls `visit` with each element's place, result and target. */
function forEachResult({ rows, depth, targets, outputs }: RefitData, { weights, bias }: Fitted, visit: (at: number, result: number, target: number) => void): void {
  const count = rows.length / depth;
  for (let n = 0; n < count; n++) {
    for (let o = 0; o < outputs; o++) {
      let y = bias[o];
      for (let i = 0, w = o * depth, x = n * depth; i < depth; i++) y += weights[w + i] * rows[x + i];
      visit(n * outputs + o, y, targets[n * outputs + o]);
    }
  }
}

/** Target minus result, zero where both lie beyond the same end of the clamp. */
const residuals = (data: RefitData, fitted: Fitted, { min, max }: Clamp, into: Float64Array): void =>
  forEachResult(data, fitted, (at, y, target) => (into[at] = target <= min ? Math.min(0, min - y) : target >= max ? Math.max(0, max - y) : target - y));

/** Sum of squares behind the clamp. */
function errorOf(data: RefitData, fitted: Fitted, { min, max }: Clamp): number {
  if (!data.rows.length) return Infinity;
  let sum = 0;
  forEachResult(data, fitted, (_at, y, target) => (sum += (Math.min(max, Math.max(min, y)) - Math.min(max, Math.max(min, target))) ** 2));
  return sum;
}
