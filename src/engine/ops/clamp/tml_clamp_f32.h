/* Limits float values to [low, high]; input and output may be the same memory. */
#ifndef TML_CLAMP_LAYER_F32_H
#define TML_CLAMP_LAYER_F32_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
  float low, high;
} tml_clamp_layer_f32_params;

TML_KERNEL void tml_clamp_layer_f32(const tml_clamp_layer_f32_params *p, const float *in, float *out) {
  for (int32_t i = 0; i < p->elements; i++) {
    const float x = in[i];
    out[i] = (float)(x < p->low ? p->low : x > p->high ? p->high : x);
  }
}

#endif
