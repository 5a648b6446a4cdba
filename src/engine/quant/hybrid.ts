import { roundHalfAway } from './rounding';

/**
 * Codes for real activations that meet integer weights ("dynamic range" or hybrid models): each batch gets a scale of its own
 * when it arrives. Source: TFLite portable_tensor_utils.cc.
 */
export interface HybridCodes {
  /** As doubles, zero point taken off: what is multiplied with the weights. */
  readonly offsets: Float64Array;
  readonly scale: number;
}

const { fround } = Math;

/** -127 to 127 around zero. */
export function symmetricCodes(values: ArrayLike<number>, begin: number, end: number): HybridCodes {
  let range = 0;
  for (let i = begin; i < end; i++) range = Math.max(range, Math.abs(values[i]));
  const offsets = new Float64Array(end - begin);
  if (range === 0) return { offsets, scale: 1 };
  const inverse = fround(127 / range);
  for (let i = begin; i < end; i++) offsets[i - begin] = Math.min(127, Math.max(-127, roundHalfAway(fround(values[i] * inverse))));
  return { offsets, scale: fround(range / 127) };
}

/** -128 to 127 over the range of the values and zero. */
export function asymmetricCodes(values: ArrayLike<number>, begin: number, end: number): HybridCodes {
  let [low, high] = [0, 0];
  for (let i = begin; i < end; i++) (low = Math.min(low, values[i])), (high = Math.max(high, values[i]));
  const offsets = new Float64Array(end - begin);
  if (low === high) return { offsets, scale: 1 };
  const exact = (high - low) / 255;
  const [fromLow, fromHigh] = [-128 - low / exact, 127 - high / exact];
  const zero = 128 + Math.abs(low / exact) < 127 + Math.abs(high / exact) ? fromLow : fromHigh;
  const zeroPoint = Math.min(127, Math.max(-128, roundHalfAway(zero)));
  const scale = fround(exact);
  const inverse = fround(1 / scale);
  for (let i = begin; i < end; i++) {
    const code = roundHalfAway(fround(zeroPoint + fround(values[i] * inverse)));
    offsets[i - begin] = Math.min(127, Math.max(-128, code)) - zeroPoint;
  }
  return { offsets, scale };
}
