import type { Attributes } from '../../ir/types';

/** Part of one axis as formats give it: NumPy's begin:end:step. */
export interface AxisRange {
  readonly begin: number;
  readonly end: number;
  readonly step: number;
}

/** Positions and counts of a slice: negative positions count from the end, positions outside are clamped. */
export function sliceAttributes(shape: readonly number[], ranges: ReadonlyMap<number, AxisRange>): Attributes {
  const begins: number[] = [];
  const counts: number[] = [];
  const steps: number[] = [];
  shape.forEach((extent, axis) => {
    const { begin, end, step } = ranges.get(axis) ?? { begin: 0, end: extent, step: 1 };
    const [low, high] = step > 0 ? [0, extent] : [-1, extent - 1];
    const clamped = (at: number): number => Math.min(high, Math.max(low, at < 0 ? at + extent : at));
    const from = clamped(begin);
    const count = Math.max(0, Math.ceil((clamped(end) - from) / step));
    begins.push(count ? from : 0);
    counts.push(count);
    steps.push(step);
  });
  return { begins, counts, steps };
}
