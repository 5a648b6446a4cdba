import type { Quantization } from '../ir/types';
import { quantizeMultiplier } from './rounding';

/** Q31 mantissas and powers of two that scale sums to output codes: one for each weight scale. A positive shift is to the left. */
export interface Multipliers {
  readonly mantissas: Int32Array;
  readonly shifts: Int8Array;
}

/** TFLite multiplies the scales of a dense layer with one weight scale in float32, those of all others in double precision. */
export function multipliersOf(input: Quantization, weights: Quantization, output: Quantization, singlePrecisionProduct = false): Multipliers {
  const product = (scale: number): number => (singlePrecisionProduct && weights.scale.length === 1 ? Math.fround(input.scale[0] * scale) : input.scale[0] * scale);
  const all = weights.scale.map((scale) => quantizeMultiplier(product(scale) / output.scale[0]));
  return { mantissas: Int32Array.from(all, (m) => m.mantissa), shifts: Int8Array.from(all, (m) => m.shift) };
}
