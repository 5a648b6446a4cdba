import type { Bin, Histogram } from './histogram';
import type { Range } from './range';

/**
 * How the range of an activation is chosen from the numbers seen: all of them, all but a share of outliers, the range with the
 * least mean square error of its codes, or the one whose coded distribution tells least apart from the real one (KL
 * divergence, as in TensorRT's entropy calibration).
 */
export const calibrationMethods = ['min-max', 'percentile', 'mse', 'entropy'] as const;
export type CalibrationMethod = (typeof calibrationMethods)[number];

/** Share of numbers that the percentile method keeps. */
const KEPT_SHARE = 0.9999;

/** Steps between two codes of an int8 activation. */
const STEPS = 255;

export function chooseRange(histogram: Histogram, method: CalibrationMethod): Range {
  const { min, max } = histogram.range;
  const full: Range = { min: Math.min(0, min), max: Math.max(0, max) };
  if (method === 'min-max' || histogram.total === 0 || full.max === full.min) return full;
  return choosers[method](histogram.bins(), full);
}

const choosers: Readonly<Record<Exclude<CalibrationMethod, 'min-max'>, (bins: readonly Bin[], full: Range) => Range>> = {
  percentile,
  mse: leastSquares,
  entropy: leastDivergence,
};

function percentile(bins: readonly Bin[], full: Range): Range {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const cut = (total * (1 - KEPT_SHARE)) / 2;
  const edge = (ordered: readonly Bin[], direction: 1 | -1): number => {
    let seen = 0;
    for (const bin of ordered) {
      seen += bin.count;
      if (seen > cut) return bin.centre + (direction * bin.width) / 2;
    }
    return 0;
  };
  return { min: Math.min(0, Math.max(full.min, edge(bins, -1))), max: Math.max(0, Math.min(full.max, edge([...bins].reverse(), 1))) };
}

/** Shares of the full range that are tried at each end. */
const SHARES = Array.from({ length: 33 }, (_, i) => 1 - i * 0.025);

function leastSquares(bins: readonly Bin[], full: Range): Range {
  let best = { range: full, error: Infinity };
  for (const low of full.min < 0 ? SHARES : [1]) {
    for (const high of full.max > 0 ? SHARES : [1]) {
      const range = { min: full.min * low, max: full.max * high };
      const step = (range.max - range.min) / STEPS;
      if (step <= 0) continue;
      let error = 0;
      for (const { centre, count } of bins) {
        const beyond = centre < range.min ? range.min - centre : centre > range.max ? centre - range.max : 0;
        // A number inside is off by up to half a step, evenly; zero is always met exactly.
        error += count * (beyond > 0 ? beyond * beyond : Math.abs(centre) < step / 2 ? centre * centre : (step * step) / 12);
        if (error >= best.error) break;
      }
      if (error < best.error) best = { range, error };
    }
  }
  return best.range;
}

function leastDivergence(all: readonly Bin[], full: Range): Range {
  // Zero has a code of its own under every range: the many zeros that activations leave would drown all else.
  const bins = all.filter(({ centre, width }) => Math.abs(centre) > width);
  let best = { range: full, divergence: Infinity };
  const farthest = Math.max(-full.min, full.max);
  for (const share of SHARES) {
    const range = { min: Math.max(full.min, -farthest * share), max: Math.min(full.max, farthest * share) };
    const divergence = divergenceOf(bins, range);
    if (divergence < best.divergence) best = { range, divergence };
  }
  return best.range;
}

/** KL divergence of the numbers clipped to a range from what their codes can tell of them. */
function divergenceOf(bins: readonly Bin[], range: Range): number {
  const step = (range.max - range.min) / STEPS;
  const clip = (x: number): number => Math.min(range.max, Math.max(range.min, x));
  const inside = (bin: Bin): boolean => bin.centre >= range.min && bin.centre <= range.max;
  /** Per code: count of the numbers inside, and in how many bins they lie. */
  const counts = new Float64Array(STEPS + 1);
  const occupied = new Float64Array(STEPS + 1);
  const codeOf = (x: number): number => Math.round((clip(x) - range.min) / step);
  const kept = bins.filter(inside);
  for (const bin of kept) {
    counts[codeOf(bin.centre)] += bin.count;
    occupied[codeOf(bin.centre)]++;
  }
  const clippedLow = bins.reduce((sum, bin) => sum + (bin.centre < range.min ? bin.count : 0), 0);
  const clippedHigh = bins.reduce((sum, bin) => sum + (bin.centre > range.max ? bin.count : 0), 0);
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const totalKept = kept.reduce((sum, bin) => sum + bin.count, 0);
  if (totalKept === 0) return Infinity;
  return kept.reduce((sum, bin, i) => {
    // Clipped numbers pile up in the outermost bins.
    const p = (bin.count + (i === 0 ? clippedLow : 0) + (i === kept.length - 1 ? clippedHigh : 0)) / total;
    const q = counts[codeOf(bin.centre)] / occupied[codeOf(bin.centre)] / totalKept;
    return sum + p * Math.log(p / q);
  }, 0);
}
