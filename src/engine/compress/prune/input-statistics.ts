import { definite, inverseOf } from '../../quant/cholesky';

/** Means and covariance of a layer's input rows. */
export interface InputStatistics {
  readonly depth: number;
  readonly rows: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Adds up rows of one layer's input. */
export class StatisticsSum {
  private readonly sum: Float64Array;
  private readonly products: Float64Array;
  private rows = 0;

  constructor(private readonly depth: number) {
    this.sum = new Float64Array(depth);
    this.products = new Float64Array(depth * depth);
  }

  /** The row begins at `from`. */
  add(rows: ArrayLike<number>, from = 0): void {
    this.rows++;
    for (let i = 0; i < this.depth; i++) {
      const x = rows[from + i];
      this.sum[i] += x;
      if (x !== 0) for (let j = 0, at = i * this.depth; j <= i; j++) this.products[at + j] += x * rows[from + j];
    }
  }

  finish(): InputStatistics {
    const { depth, products } = this;
    const rows = Math.max(1, this.rows);
    const mean = this.sum.map((x) => x / rows);
    const covariance = new Float64Array(depth * depth);
    for (let i = 0; i < depth; i++) for (let j = 0; j <= i; j++) covariance[j * depth + i] = covariance[i * depth + j] = products[i * depth + j] / rows - mean[i] * mean[j];
    return { depth, rows: this.rows, mean, covariance };
  }
}

/** Of rows [count, depth], flattened. */
export function statisticsOf(rows: Float64Array, depth: number): InputStatistics {
  const sum = new StatisticsSum(depth);
  for (let at = 0; at < rows.length; at += depth) sum.add(rows, at);
  return sum.finish();
}

/** Few rows say little of many columns: what is added to each variance, as a share of it. */
export const dampingOf = ({ depth, rows }: InputStatistics): number => 0.01 + (0.5 * depth) / Math.max(1, rows);

/** Covariance with its damping, of some columns. */
export function damped(statistics: InputStatistics, columns: readonly number[]): Float64Array {
  const { depth, covariance } = statistics;
  let trace = 0;
  for (let i = 0; i < depth; i++) trace += covariance[i * depth + i];
  const damping = dampingOf(statistics);
  // What never varies is a part of the bias, and free to go.
  const least = Math.max((trace / depth) * 1e-6, 1e-12);
  const n = columns.length;
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result[i * n + j] = covariance[columns[i] * depth + columns[j]];
    result[i * n + i] += result[i * n + i] * damping + least;
  }
  return result;
}

/** A layer that mixes channels: weights [outputs, depth] flattened, and what its inputs look like. */
export interface Reader {
  readonly statistics: InputStatistics;
  readonly weights: ArrayLike<number>;
  /** Columns of each unit. */
  readonly columns: readonly (readonly number[])[];
}

/** Up to so many columns the inverse of the covariance is at hand in a second or two. */
export const MOST_COLUMNS = 1300;
/** Blocks of more columns than these are scored without their own inverse. */
const MOST_BLOCK = 32;

/**
 * Units in the order in which leaving them out costs least, each time with the weights of the others made up for it, and what
 * has been lost after each: a share of the variance of the readers' outputs, added up over readers. The optimal brain surgeon's
 * rule for groups of columns (Hassibi and Stork 1993; Kurtic et al. 2022, arXiv 2203.07259).
 */
export function removalOrder(readers: readonly Reader[], units: number): { order: number[]; loss: number[] } {
  const states = readers.map((reader) => new Surgeon(reader));
  const left = new Set(Array.from({ length: units }, (_, i) => i));
  const order: number[] = [];
  const loss: number[] = [];
  let sum = 0;
  while (left.size > 1) {
    let best = { unit: -1, cost: Infinity };
    for (const unit of left) {
      const cost = states.reduce((total, state) => total + state.cost(unit), 0);
      if (cost < best.cost || best.unit < 0) best = { unit, cost };
    }
    for (const state of states) state.remove(best.unit);
    left.delete(best.unit);
    order.push(best.unit);
    loss.push((sum += best.cost));
  }
  return { order, loss };
}

class Surgeon {
  private readonly inverse: Float64Array;
  private readonly weights: Float64Array;
  private readonly depth: number;
  private readonly outputs: number;
  private readonly power: number;

  constructor(private readonly reader: Reader) {
    const { depth } = reader.statistics;
    this.depth = depth;
    this.weights = Float64Array.from(reader.weights);
    this.outputs = this.weights.length / depth;
    const hessian = damped(reader.statistics, Array.from({ length: depth }, (_, i) => i));
    this.inverse = inverseOf(definite(hessian, depth), depth);
    let power = 0;
    for (let o = 0; o < this.outputs; o++) {
      for (let i = 0; i < depth; i++) {
        const w = this.weights[o * depth + i];
        if (w !== 0) for (let j = 0; j < depth; j++) power += w * reader.statistics.covariance[i * depth + j] * this.weights[o * depth + j];
      }
    }
    this.power = power || 1;
  }

  /** Share of the outputs' variance that goes with the unit, after the other columns have made up for it as well as they can. */
  cost(unit: number): number {
    const columns = this.reader.columns[unit];
    const { depth, weights } = this;
    const size = columns.length;
    let cost = 0;
    if (size === 1 || size > MOST_BLOCK) {
      for (const c of columns) for (let o = 0; o < this.outputs; o++) cost += weights[o * depth + c] ** 2 / this.inverse[c * depth + c];
      return cost / this.power;
    }
    const block = this.blockInverse(columns);
    for (let o = 0; o < this.outputs; o++) {
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let j = 0; j < size; j++) sum += block[i * size + j] * weights[o * depth + columns[j]];
        cost += sum * weights[o * depth + columns[i]];
      }
    }
    return cost / this.power;
  }

  /** The other columns take over what they can. */
  remove(unit: number): void {
    const { depth, weights, inverse } = this;
    // One column after another is the same as all at once.
    for (const c of this.reader.columns[unit]) {
      const pivot = inverse[c * depth + c];
      const row = inverse.slice(c * depth, (c + 1) * depth);
      for (let o = 0; o < this.outputs; o++) {
        const share = weights[o * depth + c] / pivot;
        if (share !== 0) for (let j = 0; j < depth; j++) weights[o * depth + j] -= share * row[j];
        weights[o * depth + c] = 0;
      }
      for (let i = 0; i < depth; i++) {
        const share = row[i] / pivot;
        if (share !== 0) for (let j = 0, at = i * depth; j < depth; j++) inverse[at + j] -= share * row[j];
      }
      // Left out for good: nothing may flow back into it.
      for (let i = 0; i < depth; i++) inverse[c * depth + i] = inverse[i * depth + c] = 0;
      inverse[c * depth + c] = 1;
    }
  }

  private blockInverse(columns: readonly number[]): Float64Array {
    const n = columns.length;
    const block = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) block[i * n + j] = this.inverse[columns[i] * this.depth + columns[j]];
    return inverseOf(definite(block, n), n);
  }
}
