/* int8 fully connected layer with TFLite's fixed-point rounding: rows of depth values times weights [outputs][depth]. */
#ifndef TML_DENSE_Q31_S8_H
#define TML_DENSE_Q31_S8_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t rows, depth, outputs;
  int32_t in_zero_point, out_zero_point, low, high;
  int32_t per_channel, roundings; /* one multiplier for each output, or one for all; 1 or 2 roundings */
} tml_dense_q31_s8_params;

/* bias: int32 at scale in * weight; mantissa, shift: in * weight / out. */
TML_KERNEL void tml_dense_q31_s8(const tml_dense_q31_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias,
                                 const int32_t *mantissa, const int8_t *shift, int8_t *out) {
  for (int32_t row = 0; row < p->rows; row++, in += p->depth) {
    const int8_t *w = weights;
    for (int32_t o = 0; o < p->outputs; o++, w += p->depth) {
      int32_t acc = TML_S32(bias + o);
      for (int32_t k = 0; k < p->depth; k++) acc += (in[k] - p->in_zero_point) * TML_S8(w + k);
      const int32_t m = p->per_channel ? o : 0;
      acc = tml_scale_q31(acc, TML_S32(mantissa + m), TML_S8(shift + m), p->roundings) + p->out_zero_point;
      *out++ = (int8_t)tml_clamp_s32(acc, p->low, p->high);
    }
  }
}

#endif
