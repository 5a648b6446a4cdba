/* exp, reciprocal and what TFLite makes of them in 32-bit fixed point, bit for bit as gemmlowp's fixedpoint.h defines them. A
   number with n integer bits holds value * 2^(31 - n). */
#ifndef TML_FUNCTIONS_Q31_H
#define TML_FUNCTIONS_Q31_H

#include "tml_requantize_q31.h"

TML_INLINE int32_t tml_saturating_shift(int32_t x, int32_t exponent) {
  const int32_t threshold = ((int32_t)1 << (31 - exponent)) - 1;
  return x > threshold ? INT32_MAX : x < -threshold ? INT32_MIN : (int32_t)((uint32_t)x << exponent);
}

TML_INLINE int32_t tml_leading_zeros(uint32_t x) {
#if defined(__GNUC__) && !defined(__AVR__)
  return __builtin_clz(x);
#else
  int32_t n = 0;
  for (; !(x & 0x80000000u); x <<= 1) n++;
  return n;
#endif
}

/* exp(a) for a <= 0 with 5 integer bits; the result has none. Four terms of the series around -1/8, then a factor for each bit
   of the rest. */
TML_NOINLINE int32_t tml_exp_of_negative_q5(int32_t a) {
  static const int32_t factors[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242}; /* exp(-1/4) ... exp(-16) */
  if (a == 0) return INT32_MAX;
  const int32_t near = (a & 0xFFFFFF) - 0x1000000;
  const int32_t x = near * 32 + ((int32_t)1 << 28), x2 = tml_high_mul(x, x), x3 = tml_high_mul(x2, x), x4 = tml_high_mul(x2, x2);
  const int32_t tail = tml_rounding_shift(tml_high_mul(tml_rounding_shift(x4, 2) + x3, 715827883) + x2, 1);
  int32_t result = 1895147668 + tml_high_mul(1895147668, x + tail);
  const int32_t rest = near - a;
  for (int32_t i = 0; i < 7; i++) {
    if (rest & ((int32_t)1 << (24 + i))) result = tml_high_mul(result, factors[i]);
  }
  return result;
}

/* 1 / (1 + a) for 0 <= a < 1, both without integer bits: three Newton steps. */
TML_NOINLINE int32_t tml_reciprocal_of_one_plus(int32_t a) {
  const int32_t half = (int32_t)(((uint32_t)a + 0x80000000u) >> 1);
  int32_t x = 1515870810 + tml_high_mul(half, -1010580540); /* 48/17 - 32/17 * half */
  for (int32_t i = 0; i < 3; i++) x += tml_saturating_shift(tml_high_mul(x, ((int32_t)1 << 29) - tml_high_mul(half, x)), 2);
  return tml_saturating_shift(x, 1);
}

#endif
