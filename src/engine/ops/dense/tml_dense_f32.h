/* float fully connected layer: rows of depth values times weights [outputs][depth]. */
#ifndef TML_DENSE_F32_H
#define TML_DENSE_F32_H

#include "tml_base.h"

typedef struct {
  int32_t rows, depth, outputs;
  float low, high;
} tml_dense_f32_params;

TML_KERNEL void tml_dense_f32(const tml_dense_f32_params *p, const float *in, const float *weights, const float *bias, float *out) {
  for (int32_t row = 0; row < p->rows; row++, in += p->depth) {
    const float *w = weights;
    for (int32_t o = 0; o < p->outputs; o++, w += p->depth) {
      float acc = TML_F32(bias + o);
      for (int32_t k = 0; k < p->depth; k++) acc += in[k] * TML_F32(w + k);
      *out++ = tml_clamp_f32(acc, p->low, p->high);
    }
  }
}

#endif
