/* float x * gain + shift for each channel: [outer][channels][inner]. Input and output may be the same memory. */
#ifndef TML_CHANNEL_AFFINE_F32_H
#define TML_CHANNEL_AFFINE_F32_H

#include "tml_base.h"

typedef struct {
  int32_t outer, channels, inner;
} tml_channel_affine_f32_params;

TML_KERNEL void tml_channel_affine_f32(const tml_channel_affine_f32_params *p, const float *in, const float *gain, const float *shift, float *out) {
  for (int32_t o = 0; o < p->outer; o++)
    for (int32_t c = 0; c < p->channels; c++)
      for (int32_t i = 0; i < p->inner; i++) *out++ = *in++ * TML_F32(gain + c) + TML_F32(shift + c);
}

#endif
