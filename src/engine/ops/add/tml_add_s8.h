/* int8 sum of two tensors of one shape; the output may take the place of either. */
#ifndef TML_ADD_S8_H
#define TML_ADD_S8_H

#include "tml_base.h"

typedef struct {
  int32_t elements, a_zero_point, b_zero_point;
  float a_scale, b_scale; /* relative to the output's */
  int32_t out_zero_point, low, high;
} tml_add_s8_params;

TML_KERNEL void tml_add_s8(const tml_add_s8_params *p, const int8_t *a, const int8_t *b, int8_t *out) {
  const float lowest = (float)(p->low - p->out_zero_point), highest = (float)(p->high - p->out_zero_point);
  for (int32_t i = 0; i < p->elements; i++) {
    /* Two rounded products: a fused multiply-add would give other bits. */
    volatile float left = (float)(a[i] - p->a_zero_point) * p->a_scale;
    const float sum = left + (float)(b[i] - p->b_zero_point) * p->b_scale;
    out[i] = (int8_t)(tml_round_even(tml_clamp_f32(sum, lowest, highest)) + p->out_zero_point);
  }
}

#endif
