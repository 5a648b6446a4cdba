/* float sum of two tensors of one shape; the output may take the place of either. */
#ifndef TML_ADD_F32_H
#define TML_ADD_F32_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
  float low, high;
} tml_add_f32_params;

TML_KERNEL void tml_add_f32(const tml_add_f32_params *p, const float *a, const float *b, float *out) {
  for (int32_t i = 0; i < p->elements; i++) out[i] = tml_clamp_f32(a[i] + b[i], p->low, p->high);
}

#endif
