import { highMul, roundingShift } from './fixed-point';

/**
 * exp, logistic and tanh in 32-bit fixed point, bit for bit as gemmlowp's fixedpoint.h defines them: TFLite's int8 softmax,
 * logistic and tanh are made of these. A number with n integer bits holds value * 2^(31 - n).
 */

const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);

/** Saturating multiplication by 2^exponent; a negative exponent rounds to nearest. */
function multiplyByPowerOfTwo(x: number, exponent: number): number {
  if (exponent <= 0) return roundingShift(x, -exponent);
  const threshold = 2 ** (31 - exponent) - 1;
  return x > threshold ? INT32_MAX : x < -threshold ? INT32_MIN : x * 2 ** exponent;
}

/** exp(-1/8) and 1/3 with no integer bits. */
const EXP_MINUS_EIGHTH = Math.round(Math.exp(-1 / 8) * 2 ** 31);
const ONE_THIRD = Math.round(2 ** 31 / 3);

/** exp(a) for a in [-1/4, 0), no integer bits: four terms of the series around -1/8. */
function expNearZero(a: number): number {
  const x = a + 2 ** 28;
  const x2 = highMul(x, x);
  const x3 = highMul(x2, x);
  const x4 = highMul(x2, x2);
  const tail = multiplyByPowerOfTwo(highMul(multiplyByPowerOfTwo(x4, -2) + x3, ONE_THIRD) + x2, -1);
  return EXP_MINUS_EIGHTH + highMul(EXP_MINUS_EIGHTH, x + tail);
}

/** exp(-2^k) for k = -2 to 4, no integer bits. */
const halvings = [-2, -1, 0, 1, 2, 3, 4].map((k) => ({ k, factor: Math.round(Math.exp(-(2 ** k)) * 2 ** 31) }));

/** exp(a) for a <= 0 with the given integer bits (at most 5), as a number without integer bits. */
export function expOfNegative(a: number, integerBits: number): number {
  if (a === 0) return INT32_MAX;
  const fractionBits = 31 - integerBits;
  const quarter = 2 ** (fractionBits - 2);
  const near = (a & (quarter - 1)) - quarter;
  let result = expNearZero(multiplyByPowerOfTwo(near, integerBits));
  const rest = near - a;
  for (const { k, factor } of halvings) {
    if (integerBits > k && rest & (2 ** (fractionBits + k))) result = highMul(result, factor);
  }
  return result;
}

/** 48/17 and -32/17 with two integer bits: the first guess of the Newton division. */
const GUESS_OFFSET = Math.floor((48 / 17) * 2 ** 29);
const GUESS_SLOPE = Math.ceil((-32 / 17) * 2 ** 29);

/** 2 / (1 + a) for a in [0, 1] without integer bits, by three Newton steps; two integer bits. */
function twiceReciprocal(a: number): number {
  const sum = a + INT32_MAX;
  const half = Math.trunc((sum + (sum >= 0 ? 1 : -1)) / 2);
  let x = GUESS_OFFSET + highMul(half, GUESS_SLOPE);
  for (let i = 0; i < 3; i++) x += multiplyByPowerOfTwo(highMul(x, 2 ** 29 - highMul(half, x)), 2);
  return x;
}

/** 1 / (1 + a) for a in [0, 1], both without integer bits. */
export const reciprocalOfOnePlus = (a: number): number => multiplyByPowerOfTwo(twiceReciprocal(a), 1);

/** 1 / (1 + exp(-a)), without integer bits. */
export function fixedLogistic(a: number, integerBits: number): number {
  if (a === 0) return 2 ** 30;
  const positive = reciprocalOfOnePlus(expOfNegative(-Math.abs(a), integerBits));
  return a > 0 ? positive : INT32_MAX - positive;
}

/** tanh(a), without integer bits: (1 - e) / (1 + e) with e = exp(-2|a|). */
export function fixedTanh(a: number, integerBits: number): number {
  if (a === 0) return 0;
  const size = multiplyByPowerOfTwo(twiceReciprocal(expOfNegative(-Math.abs(a), integerBits + 1)) - 2 ** 29, 2);
  return a > 0 ? size : -size;
}

/** 1 / x of a positive number with integer bits: mantissa without integer bits, and how many bits x lies above 1. */
export function fixedReciprocal(x: number, integerBits: number): { readonly mantissa: number; readonly bitsOverUnit: number } {
  const headroom = Math.clz32(x);
  return { mantissa: reciprocalOfOnePlus((x << headroom) - 2 ** 31 | 0), bitsOverUnit: integerBits - headroom };
}

/** Range of codes within which a scaled difference does not saturate. Source: TFLite CalculateInputRadius, 31 signed bits. */
export const inputRadius = (integerBits: number, leftShift: number): number =>
  Math.floor(((2 ** integerBits - 1) * 2 ** (31 - integerBits)) / 2 ** leftShift);
