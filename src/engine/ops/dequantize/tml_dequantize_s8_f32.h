/* int8 codes to real numbers. */
#ifndef TML_DEQUANTIZE_S8_F32_H
#define TML_DEQUANTIZE_S8_F32_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
  float scale;
  int32_t zero_point;
} tml_dequantize_s8_f32_params;

TML_KERNEL void tml_dequantize_s8_f32(const tml_dequantize_s8_f32_params *p, const int8_t *in, float *out) {
  for (int32_t i = 0; i < p->elements; i++) out[i] = (float)(in[i] - p->zero_point) * p->scale;
}

#endif
