import type { Quantization } from '../ir/types';
import { roundHalfEven } from './rounding';

/** Smallest and largest real number that a value takes. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** int8 scale and zero point that cover a range and hit zero exactly, so that padding adds nothing. */
export function asymmetric(range: Range): Quantization {
  const min = Math.min(0, range.min);
  const max = Math.max(0, range.max);
  const scale = Math.fround((max - min) / 255) || 1;
  return { scale: [scale], zeroPoint: [Math.max(-128, Math.min(127, roundHalfEven(-128 - min / scale)))] };
}

/** Scale around zero whose `largestCode` stands for the end of the range that is farther from zero. */
export function symmetric(range: Range, largestCode: number): Quantization {
  const largest = Math.max(Math.abs(range.min), Math.abs(range.max));
  return { scale: [Math.fround(largest / largestCode) || 1], zeroPoint: [0] };
}
