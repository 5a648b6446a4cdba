import type { RoundingRule } from '../ir/types';

/**
 * 32-bit fixed-point arithmetic as TFLite's kernels do it, exact in doubles and 32-bit integers. `rounding.ts` states the same
 * functions with BigInt; a test holds both against each other.
 */

const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;

/** gemmlowp SaturatingRoundingDoublingHighMul: (2ab + 2^31) / 2^32 rounded to nearest, for int32 a and b. */
export function highMul(a: number, b: number): number {
  const low = Math.imul(a, b) >>> 0;
  // The double product is wrong by at most 2^9, so the quotient by 2^32 rounds to the exact upper half.
  const high = Math.round((a * b - low) / TWO_32);
  const result = 2 * high + Math.floor((low + 2 ** 30) / TWO_31);
  return result > TWO_31 - 1 ? TWO_31 - 1 : result;
}

/** gemmlowp RoundingDivideByPOT: x / 2^exponent, to nearest, ties away from zero; int32 x, exponent 0 to 31. */
export function roundingShift(x: number, exponent: number): number {
  if (exponent === 0) return x;
  const divisor = 2 ** exponent;
  return x < 0 ? -Math.floor(-x / divisor + 0.5) : Math.floor(x / divisor + 0.5);
}

/** TFLite MultiplyByQuantizedMultiplier with double rounding: x * mantissa / 2^31 * 2^shift for int32 x. */
export function scaleTwice(x: number, mantissa: number, shift: number): number {
  if (shift > 0) return highMul((x * 2 ** shift) | 0, mantissa);
  return roundingShift(highMul(x, mantissa), -shift);
}

/** TFLite MultiplyByQuantizedMultiplier with single rounding: one shift of the 64-bit product. */
export function scaleOnce(x: number, mantissa: number, shift: number): number {
  const low = Math.imul(x, mantissa) >>> 0;
  const high = Math.round((x * mantissa - low) / TWO_32);
  const bits = 31 - shift;
  // (high * 2^32 + low + 2^(bits - 1)) >> bits, split so that no sum exceeds 2^53.
  if (bits <= 32) {
    const sum = low + 2 ** (bits - 1);
    return clampInt32(high * 2 ** (32 - bits) + Math.floor(sum / 2 ** bits));
  }
  return clampInt32(Math.floor((high + 2 ** (bits - 33)) / 2 ** (bits - 32)));
}

const clampInt32 = (x: number): number => Math.min(TWO_31 - 1, Math.max(-TWO_31, x));

/**
 * TFLite MultiplyByQuantizedMultiplier for 64-bit accumulators (int16 activations): a 15-bit multiplier, one rounding shift.
 * The accumulator is a double, exact to 2^53; the runtime asks for 2^47.
 */
export function scaleWide(x: number, mantissa: number, shift: number): number {
  const reduced = mantissa < 0x7fff0000 ? (mantissa + (1 << 15)) >> 16 : 0x7fff;
  const bits = 15 - shift;
  const product = x * reduced;
  if (Math.abs(product) < 2 ** 52) return Math.floor((product + 2 ** (bits - 1)) / 2 ** bits) | 0;
  return Number(BigInt.asIntN(32, (BigInt(x) * BigInt(reduced) + (1n << BigInt(bits - 1))) >> BigInt(bits)));
}

/** A real multiplier as Q31 mantissa and power of two, ready to be applied by the model's rule. */
export function scalerOf(rule: RoundingRule, multiplier: { readonly mantissa: number; readonly shift: number }): (x: number) => number {
  const { mantissa, shift } = multiplier;
  return rule === 'tflite-single-round' ? (x) => scaleOnce(x, mantissa, shift) : (x) => scaleTwice(x, mantissa, shift);
}
