/* int8 sum or difference of two tensors of one shape in TFLite's fixed point: both operands on a common scale with 20 bits to
   spare, then on the output's. The output may take the place of either. */
#ifndef TML_ADD_Q31_S8_H
#define TML_ADD_Q31_S8_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t elements;
  int32_t a_zero_point, a_mantissa, a_shift;
  int32_t b_zero_point, b_mantissa, b_shift, b_sign; /* 1 adds, -1 subtracts */
  int32_t out_zero_point, mantissa, shift, low, high, roundings;
} tml_add_q31_s8_params;

TML_KERNEL void tml_add_q31_s8(const tml_add_q31_s8_params *p, const int8_t *a, const int8_t *b, int8_t *out) {
  for (int32_t i = 0; i < p->elements; i++) {
    const int32_t x = tml_scale_q31((a[i] - p->a_zero_point) * ((int32_t)1 << 20), p->a_mantissa, p->a_shift, p->roundings);
    const int32_t y = tml_scale_q31((b[i] - p->b_zero_point) * ((int32_t)1 << 20), p->b_mantissa, p->b_shift, p->roundings);
    const int32_t sum = tml_scale_q31(x + p->b_sign * y, p->mantissa, p->shift, p->roundings) + p->out_zero_point;
    out[i] = (int8_t)tml_clamp_s32(sum, p->low, p->high);
  }
}

#endif
