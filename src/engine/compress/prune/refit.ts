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
  /** What is added to the layer's result before it is compared, [count, outputs]: a shortcut, as it is now. */
  readonly added?: Float64Array;
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
  const part = (from: number, to?: number): RefitData => {
    const results = (list: Float64Array): Float64Array => list.subarray(from * data.outputs, to === undefined ? undefined : to * data.outputs);
    return { ...data, rows: data.rows.subarray(from * data.depth, to === undefined ? undefined : to * data.depth), targets: results(data.targets), ...(data.added ? { added: results(data.added) } : {}) };
  };
  const [fit, check] = [part(0, data.fitRows), part(data.fitRows)];
  const start: Fitted = { weights: Float64Array.from(weights), bias: Float64Array.from(bias) };
  let best: { ridge: number; error: number } = { ridge: Infinity, error: errorOf(check, start, clamp) };
  const solver = new Solver(fit, start, clamp);
  for (const ridge of RIDGES) {
    const error = errorOf(check, solver.solve(ridge, 1), clamp);
    if (error < best.error) best = { ridge, error };
  }
  // Nothing that is learnt from these samples holds for others.
  if (best.ridge === Infinity) return start;
  return new Solver(data, start, clamp).solve(best.ridge, clamp.min === -Infinity && clamp.max === Infinity ? 1 : SWEEPS);
}

interface Fitted {
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** Products of residuals and centred rows, [outputs, depth], and means of the residuals. */
interface Gradient {
  readonly products: Float64Array;
  readonly means: Float64Array;
}

class Solver {
  private readonly statistics: InputStatistics;
  private readonly first: Gradient;

  constructor(private readonly data: RefitData, private readonly start: Fitted, private readonly clamp: Clamp) {
    this.statistics = statisticsOf(data.rows, data.depth);
    this.first = this.gradient(start);
  }

  solve(ridge: number, sweeps: number): Fitted {
    const { depth, outputs, rows } = this.data;
    const { mean, covariance } = this.statistics;
    const { start } = this;
    const hessian = covariance.slice();
    let trace = 0;
    for (let i = 0; i < depth; i++) trace += covariance[i * depth + i];
    // With many rows the same share of the variance is not needed.
    const extra = Math.max((trace / depth) * ridge * Math.min(1, (4 * depth * depth) / rows.length), 1e-12);
    for (let i = 0; i < depth; i++) hessian[i * depth + i] += extra;
    const factor = definite(hessian, depth);
    const now = { weights: start.weights.slice(), bias: start.bias.slice() };
    const step = new Float64Array(depth);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const { products, means } = sweep === 0 ? this.first : this.gradient(now);
      for (let o = 0; o < outputs; o++) {
        for (let i = 0, at = o * depth; i < depth; i++) step[i] = products[at + i] - extra * (now.weights[at + i] - start.weights[at + i]);
        solveCholesky(factor, depth, step);
        let shift = means[o];
        for (let i = 0; i < depth; i++) {
          now.weights[o * depth + i] += step[i];
          shift -= step[i] * mean[i];
        }
        now.bias[o] += shift;
      }
    }
    return now;
  }

  private gradient(now: Fitted): Gradient {
    const { depth, outputs, rows, targets } = this.data;
    const { mean } = this.statistics;
    const residual = new Float64Array(targets.length);
    residuals(this.data, now, this.clamp, residual);
    const count = rows.length / depth;
    const products = new Float64Array(outputs * depth);
    const means = new Float64Array(outputs);
    for (let n = 0; n < count; n++) {
      for (let o = 0; o < outputs; o++) {
        const r = residual[n * outputs + o];
        if (r === 0) continue;
        means[o] += r / count;
        for (let i = 0, at = o * depth, x = n * depth; i < depth; i++) products[at + i] += r * rows[x + i];
      }
    }
    for (let o = 0; o < outputs; o++) for (let i = 0; i < depth; i++) products[o * depth + i] = products[o * depth + i] / count - means[o] * mean[i];
    return { products, means };
  }
}

/** Calls `visit` with each element's place, result and target. */
function forEachResult({ rows, depth, targets, outputs, added }: RefitData, { weights, bias }: Fitted, visit: (at: number, result: number, target: number) => void): void {
  const count = rows.length / depth;
  for (let n = 0; n < count; n++) {
    for (let o = 0; o < outputs; o++) {
      let y = bias[o];
      for (let i = 0, w = o * depth, x = n * depth; i < depth; i++) y += weights[w + i] * rows[x + i];
      const at = n * outputs + o;
      visit(at, added ? y + added[at] : y, targets[at]);
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
