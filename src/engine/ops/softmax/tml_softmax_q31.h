/* Softmax of 8-bit codes over one axis in TFLite's fixed point. */
#ifndef TML_SOFTMAX_Q31_H
#define TML_SOFTMAX_Q31_H

#include "tml_functions_q31.h"

typedef struct {
  int32_t outer, depth, inner;
  int32_t mantissa, shift, smallest; /* differences from the largest code: how they scale, and below which they count nothing */
} tml_softmax_q31_params;

/* exp of a difference of codes, without integer bits. */
TML_INLINE int32_t tml_softmax_exponential(const tml_softmax_q31_params *p, int32_t difference) {
  return tml_exp_of_negative_q5(tml_scale_twice(difference, p->mantissa, p->shift));
}

#define TML_SOFTMAX_Q31_FUNCTION_(name, from, type, bits, low, high) \
  TML_KERNEL void name(const tml_softmax_q31_params *p, const from *in, type *out) { \
    for (int32_t o = 0; o < p->outer; o++) { \
      for (int32_t j = 0; j < p->inner; j++) { \
        const int32_t row = o * p->depth * p->inner + j; \
        int32_t largest = in[row]; \
        uint32_t sum = 0; \
        for (int32_t i = 0; i < p->depth; i++) largest = tml_max(largest, in[row + i * p->inner]); \
        for (int32_t i = 0; i < p->depth; i++) { \
          const int32_t difference = in[row + i * p->inner] - largest; \
          if (difference >= p->smallest) sum += (uint32_t)tml_rounding_shift(tml_softmax_exponential(p, difference), 12); \
        } \
        const int32_t headroom = tml_leading_zeros(sum), exponent = 12 - headroom + 31 - (bits); \
        const int32_t share = tml_reciprocal_of_one_plus((int32_t)((sum << headroom) - 0x80000000u)); \
        for (int32_t i = 0; i < p->depth; i++) { \
          const int32_t difference = in[row + i * p->inner] - largest; \
          int32_t code = (low); \
          if (difference >= p->smallest && exponent < 32) \
            code += tml_rounding_shift(tml_high_mul(share, tml_softmax_exponential(p, difference)), exponent); \
          out[row + i * p->inner] = (type)tml_clamp_s32(code, (low), (high)); \
        } \
      } \
    } \
  }

/* Input and output may be the same memory. */
TML_SOFTMAX_Q31_FUNCTION_(tml_softmax_q31_s8, int8_t, int8_t, 8, INT8_MIN, INT8_MAX)
TML_SOFTMAX_Q31_FUNCTION_(tml_softmax_q31_u8, uint8_t, uint8_t, 8, 0, UINT8_MAX)
TML_SOFTMAX_Q31_FUNCTION_(tml_softmax_q31_s8_s16, int8_t, int16_t, 16, INT16_MIN, INT16_MAX)

#endif
