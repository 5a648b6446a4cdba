/* float softmax over one axis; input and output may be the same memory. */
#ifndef TML_SOFTMAX_F32_H
#define TML_SOFTMAX_F32_H

#include "tml_base.h"

typedef struct {
  int32_t outer, depth, inner;
} tml_softmax_f32_params;

TML_KERNEL void tml_softmax_f32(const tml_softmax_f32_params *p, const float *in, float *out) {
  for (int32_t o = 0; o < p->outer; o++) {
    for (int32_t j = 0; j < p->inner; j++) {
      const int32_t row = o * p->depth * p->inner + j;
      float largest = in[row], sum = 0;
      for (int32_t i = 1; i < p->depth; i++) {
        if (in[row + i * p->inner] > largest) largest = in[row + i * p->inner];
      }
      for (int32_t i = 0; i < p->depth; i++) {
        const float e = expf(in[row + i * p->inner] - largest);
        out[row + i * p->inner] = e;
        sum += e;
      }
      for (int32_t i = 0; i < p->depth; i++) out[row + i * p->inner] /= sum;
    }
  }
}

#endif
