import { codeRange } from '../ir/dtype';
import { scaleOnce, scaleTwice, scaleWide } from './fixed-point';
import type { Quantization, RoundingRule, StaticType } from '../ir/types';

/**
 * From an integer accumulator to an output code, by the rule of the runtime that the model belongs to. Kernels in C do the
 * same; both are held against each other bit for bit.
 */

/** Nearest integer, ties to even: C's rintf in the default mode. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Nearest integer, ties away from zero: C's roundf and TFLite's TfLiteRound. */
export const roundHalfAway = (x: number): number => (x < 0 ? -Math.floor(-x + 0.5) : Math.floor(x + 0.5));

/** A real multiplier as Q31 mantissa and power of two: m = mantissa / 2^31 * 2^shift. Source: TFLite QuantizeMultiplier. */
export function quantizeMultiplier(m: number): { mantissa: number; shift: number } {
  if (m === 0) return { mantissa: 0, shift: 0 };
  let shift = Math.max(-1023, Math.floor(Math.log2(m)) + 1);
  let fraction = m / 2 ** shift;
  if (fraction >= 1) (fraction /= 2), shift++;
  if (fraction < 0.5) (fraction *= 2), shift--;
  let mantissa = roundHalfAway(fraction * 2 ** 31);
  if (mantissa === 2 ** 31) (mantissa /= 2), shift++;
  if (shift < -31) return { mantissa: 0, shift: 0 };
  return { mantissa, shift };
}

const clampInt32 = (x: bigint): bigint => (x > 2147483647n ? 2147483647n : x < -2147483648n ? -2147483648n : x);

/** gemmlowp SaturatingRoundingDoublingHighMul. */
function highMul(a: bigint, b: bigint): bigint {
  const product = a * b;
  const nudge = product >= 0n ? 1n << 30n : 1n - (1n << 30n);
  return clampInt32((product + nudge) / (1n << 31n));
}

/** gemmlowp RoundingDivideByPOT: to nearest, ties away from zero. */
function roundingShift(x: bigint, exponent: bigint): bigint {
  const mask = (1n << exponent) - 1n;
  const threshold = (mask >> 1n) + (x < 0n ? 1n : 0n);
  return (x >> exponent) + ((x & mask) > threshold ? 1n : 0n);
}

/** TFLite MultiplyByQuantizedMultiplier, double rounding. */
export function multiplyDoubleRounding(acc: number, mantissa: number, shift: number): number {
  const left = BigInt(Math.max(shift, 0));
  const right = BigInt(Math.max(-shift, 0));
  const shifted = BigInt.asIntN(32, BigInt(acc) << left);
  return Number(roundingShift(highMul(shifted, BigInt(mantissa)), right));
}

/** TFLite MultiplyByQuantizedMultiplier with TFLITE_SINGLE_ROUNDING. */
export function multiplySingleRounding(acc: number, mantissa: number, shift: number): number {
  const total = BigInt(31 - shift);
  const result = (BigInt(acc) * BigInt(mantissa) + (1n << (total - 1n))) >> total;
  return Number(clampInt32(result));
}

/** Codes that a fused clamp leaves, inside of the type's range. Source: TFLite CalculateActivationRangeQuantized. */
export function clampedRange(type: StaticType, min: number | undefined, max: number | undefined): readonly [number, number] {
  const [low, high] = codeRange(type.dtype);
  const { scale, zeroPoint } = type.quantization!;
  const code = (real: number): number => zeroPoint[0] + roundHalfAway(real / scale[0]);
  return [min === undefined ? low : Math.max(low, code(min)), max === undefined ? high : Math.min(high, code(max))];
}

export type Requantize = (accumulator: number, channel: number) => number;

/** float32 arithmetic of onnxruntime: (inputScale * weightScale) / outputScale, rounded after each step. */
export const combinedScale = (input: number, weight: number, output: number): number =>
  Math.fround(Math.fround(Math.fround(input) * Math.fround(weight)) / Math.fround(output));

export interface RequantizeOptions {
  /** TFLite int16: sums have 64 bits, which its kernels scale with a 15-bit multiplier. */
  readonly wideAccumulator?: boolean;
  /** TFLite multiplies the scales of a dense layer with one weight scale in float32, those of all others in double precision. */
  readonly singlePrecisionProduct?: boolean;
}

/** Accumulator of a layer with weights to the output's code. */
export function requantizer(rule: RoundingRule, input: Quantization, weights: Quantization, output: StaticType, range: readonly [number, number], options: RequantizeOptions = {}): Requantize {
  const zeroPoint = output.quantization!.zeroPoint[0];
  const outputScale = output.quantization!.scale[0];
  const channelScale = (c: number): number => weights.scale[weights.scale.length === 1 ? 0 : c];
  const clamp = (code: number): number => Math.min(range[1], Math.max(range[0], code));
  if (rule === 'onnx-float-half-even') {
    const scales = weights.scale.map((s) => combinedScale(input.scale[0], s, outputScale));
    return (acc, c) => clamp(roundHalfEven(Math.fround(Math.fround(acc) * scales[scales.length === 1 ? 0 : c])) + zeroPoint);
  }
  const product = options.singlePrecisionProduct && weights.scale.length === 1 ? (a: number, b: number): number => Math.fround(a * b) : (a: number, b: number): number => a * b;
  const multipliers = weights.scale.map((_, c) => quantizeMultiplier(product(input.scale[0], channelScale(c)) / outputScale));
  const wide = output.dtype === 'int16' && options.wideAccumulator;
  const multiply = wide ? scaleWide : rule === 'tflite-single-round' ? scaleOnce : scaleTwice;
  const mantissas = multipliers.map((m) => m.mantissa);
  const shifts = multipliers.map((m) => m.shift);
  const perChannel = multipliers.length > 1;
  return (acc, c) => {
    const i = perChannel ? c : 0;
    return clamp(multiply(wide ? acc : acc | 0, mantissas[i], shifts[i]) + zeroPoint);
  };
}

/** A real number to a code: ONNX QuantizeLinear and TFLite QUANTIZE differ in the tie. */
export function quantizeReal(rule: RoundingRule, real: number, scale: number, zeroPoint: number, range: readonly [number, number]): number {
  const scaled = Math.fround(Math.fround(real) / Math.fround(scale));
  const rounded = rule === 'onnx-float-half-even' ? roundHalfEven(scaled) : roundHalfAway(scaled);
  const code = rounded + zeroPoint;
  return Number.isNaN(code) ? zeroPoint : Math.min(range[1], Math.max(range[0], code));
}
