/* int8 fully connected layer: rows of depth values times weights [outputs][depth]. */
#ifndef TML_DENSE_S8_H
#define TML_DENSE_S8_H

#include "tml_base.h"

typedef struct {
  int32_t rows, depth, outputs;
  int32_t in_zero_point, out_zero_point, low, high;
} tml_dense_s8_params;

/* bias: int32 at scale in * weight; scale: in * weight / out, per output. */
TML_KERNEL void tml_dense_s8(const tml_dense_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias,
                             const float *scale, int8_t *out) {
  for (int32_t row = 0; row < p->rows; row++, in += p->depth) {
    const int8_t *w = weights;
    for (int32_t o = 0; o < p->outputs; o++, w += p->depth) {
      int32_t acc = TML_S32(bias + o);
      for (int32_t k = 0; k < p->depth; k++) acc += (in[k] - p->in_zero_point) * TML_S8(w + k);
      *out++ = tml_requantize_s8(acc, TML_F32(scale + o), p->out_zero_point, p->low, p->high);
    }
  }
}

#endif
