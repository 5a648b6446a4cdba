/* Real numbers to int8 codes, ties to even. Output may start at the input's memory: codes are smaller than floats. */
#ifndef TML_QUANTIZE_F32_S8_H
#define TML_QUANTIZE_F32_S8_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
  float scale;
  int32_t zero_point;
} tml_quantize_f32_s8_params;

TML_KERNEL void tml_quantize_f32_s8(const tml_quantize_f32_s8_params *p, const float *in, int8_t *out) {
  for (int32_t i = 0; i < p->elements; i++) {
    const float x = tml_clamp_f32(in[i] / p->scale, (float)(INT8_MIN - p->zero_point), (float)(INT8_MAX - p->zero_point));
    out[i] = (int8_t)(tml_round_even(x) + p->zero_point);
  }
}

#endif
