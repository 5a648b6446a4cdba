/* float groups of channels to mean 0 and variance 1, then scale and bias: [images][channels][area]. Input and output may be
   the same memory. */
#ifndef TML_GROUP_NORM_F32_H
#define TML_GROUP_NORM_F32_H

#include "tml_base.h"

typedef struct {
  int32_t images, groups, per_group, area;
  float epsilon;
} tml_group_norm_f32_params;

TML_KERNEL void tml_group_norm_f32(const tml_group_norm_f32_params *p, const float *in, const float *scale, const float *bias, float *out) {
  const int32_t size = p->per_group * p->area;
  for (int32_t n = 0; n < p->images * p->groups; n++, in += size, out += size) {
    const int32_t first = n % p->groups * p->per_group;
    float mean = 0, square = 0;
    for (int32_t i = 0; i < size; i++) mean += in[i];
    mean /= (float)size;
    for (int32_t i = 0; i < size; i++) square += (in[i] - mean) * (in[i] - mean);
    const float inverse = 1.0f / sqrtf(square / (float)size + p->epsilon);
    for (int32_t i = 0; i < size; i++) out[i] = (in[i] - mean) * inverse * TML_F32(scale + first + i / p->area) + TML_F32(bias + first + i / p->area);
  }
}

#endif
