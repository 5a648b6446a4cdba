/* Fixed-point scaling by mantissa / 2^31 * 2^shift, bit for bit as TFLite's kernels do it. Right shifts of negative numbers
   are arithmetic in every compiler that these sources are for. */
#ifndef TML_REQUANTIZE_Q31_H
#define TML_REQUANTIZE_Q31_H

#include "tml_base.h"

/* a * b / 2^31 to nearest (SaturatingRoundingDoublingHighMul; both must not be INT32_MIN). */
TML_INLINE int32_t tml_high_mul(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int32_t)1 << 30)) >> 31);
}

/* x / 2^exponent to nearest, ties away from zero (RoundingDivideByPOT); exponent 0 to 31. */
TML_INLINE int32_t tml_rounding_shift(int32_t x, int32_t exponent) {
  const int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1u);
  return (x >> exponent) + ((x & mask) > (mask >> 1) + (x < 0));
}

/* Two roundings: the high half of the product, then the shift. */
TML_INLINE int32_t tml_scale_twice(int32_t x, int32_t mantissa, int32_t shift) {
  if (shift > 0) return tml_high_mul((int32_t)((uint32_t)x << shift), mantissa);
  return tml_rounding_shift(tml_high_mul(x, mantissa), -shift);
}

/* One rounding of the whole product, saturated. */
TML_INLINE int32_t tml_scale_once(int32_t x, int32_t mantissa, int32_t shift) {
  const int64_t y = ((int64_t)x * mantissa + ((int64_t)1 << (30 - shift))) >> (31 - shift);
  return y > INT32_MAX ? INT32_MAX : y < INT32_MIN ? INT32_MIN : (int32_t)y;
}

/* By the model's rule: `roundings` is a constant of the layer, 1 or 2. */
TML_INLINE int32_t tml_scale_q31(int32_t x, int32_t mantissa, int32_t shift, int32_t roundings) {
  return roundings == 2 ? tml_scale_twice(x, mantissa, shift) : tml_scale_once(x, mantissa, shift);
}

TML_INLINE int32_t tml_clamp_s32(int32_t x, int32_t low, int32_t high) {
  return x < low ? low : x > high ? high : x;
}

#endif
