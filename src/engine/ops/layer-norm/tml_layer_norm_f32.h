/* float rows to mean 0 and variance 1, then scale and bias: outer rows of inner values. Input and output may be the same memory. */
#ifndef TML_LAYER_NORM_F32_H
#define TML_LAYER_NORM_F32_H

#include "tml_base.h"

typedef struct {
  int32_t outer, inner, centers; /* centers: 0 where the mean stays */
  float epsilon;
} tml_layer_norm_f32_params;

TML_KERNEL void tml_layer_norm_f32(const tml_layer_norm_f32_params *p, const float *in, const float *scale, const float *bias, float *out) {
  for (int32_t o = 0; o < p->outer; o++, in += p->inner, out += p->inner) {
    float mean = 0, square = 0;
    for (int32_t i = 0; p->centers && i < p->inner; i++) mean += in[i];
    mean /= (float)p->inner;
    for (int32_t i = 0; i < p->inner; i++) square += (in[i] - mean) * (in[i] - mean);
    const float inverse = 1.0f / sqrtf(square / (float)p->inner + p->epsilon);
    for (int32_t i = 0; i < p->inner; i++) out[i] = (in[i] - mean) * inverse * TML_F32(scale + i) + TML_F32(bias + i);
  }
}

#endif
