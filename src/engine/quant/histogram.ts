import type { Range } from './range';

/** Bins of a histogram; even, so that zero lies between two of them. */
const BINS = 8192;

/**
 * Counts of numbers seen one after another, without knowing their range before: bins lie symmetrically about zero and double
 * their width, in pairs, whenever a number falls outside. The smallest and largest number are kept exactly.
 */
export class Histogram {
  private counts = new Float64Array(BINS);
  private limit = 0;
  private lowest = Infinity;
  private highest = -Infinity;
  /** Numbers seen, NaN and infinity not counted. */
  total = 0;
  /** Numbers seen that are NaN or infinite. */
  broken = 0;

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isFinite(value)) {
        this.broken++;
        continue;
      }
      if (value < this.lowest) this.lowest = value;
      if (value > this.highest) this.highest = value;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > this.limit) this.grow(magnitude);
      const bin = this.limit === 0 ? BINS / 2 : Math.floor(((value + this.limit) / (2 * this.limit)) * BINS);
      this.counts[bin < BINS ? bin : BINS - 1]++;
      this.total++;
    }
  }

  get range(): Range {
    return { min: this.lowest, max: this.highest };
  }

  /** Bins that are not empty, in ascending order: centre, width and count. */
  bins(): readonly Bin[] {
    const width = (2 * this.limit) / BINS;
    const result: Bin[] = [];
    for (let i = 0; i < BINS; i++) {
      if (this.counts[i] > 0) result.push({ centre: Math.min(this.highest, Math.max(this.lowest, -this.limit + (i + 0.5) * width)), width, count: this.counts[i] });
    }
    return result;
  }

  private grow(magnitude: number): void {
    if (this.limit === 0) {
      // All numbers so far were zero: they belong just above it.
      const zeros = this.total;
      this.limit = magnitude;
      this.counts.fill(0);
      this.counts[BINS / 2] = zeros;
      return;
    }
    while (this.limit < magnitude) {
      const wider = new Float64Array(BINS);
      for (let i = 0; i < BINS; i++) wider[BINS / 4 + (i >> 1)] += this.counts[i];
      this.counts = wider;
      this.limit *= 2;
    }
  }
}

export interface Bin {
  readonly centre: number;
  readonly width: number;
  readonly count: number;
}
