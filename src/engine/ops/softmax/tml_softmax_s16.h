/* Softmax of int16 codes over one axis by tables of 513 samples, as TFLite computes it. */
#ifndef TML_SOFTMAX_S16_H
#define TML_SOFTMAX_S16_H

#include "tml_functions_q31.h"

typedef struct {
  int32_t outer, depth, inner;
  int32_t mantissa, shift, roundings;
} tml_softmax_s16_params;

/* Between two samples of a function over all int16 codes. */
TML_INLINE int32_t tml_sampled_s16(const int16_t *table, int32_t code) {
  const int32_t index = 256 + (code >> 7), sample = TML_S16(table + index);
  return sample + (((TML_S16(table + index + 1) - sample) * (code & 127) + 64) >> 7);
}

TML_INLINE int32_t tml_softmax_exponential_s16(const tml_softmax_s16_params *p, const int16_t *exponentials, int32_t difference) {
  const int32_t code = tml_scale_q31(difference, p->mantissa, p->shift, p->roundings) + 32767;
  return tml_sampled_s16(exponentials, tml_clamp_s32(code, INT16_MIN, INT16_MAX));
}

TML_KERNEL void tml_softmax_s16(const tml_softmax_s16_params *p, const int16_t *in, const int16_t *exponentials, const int16_t *reciprocals, int16_t *out) {
  for (int32_t o = 0; o < p->outer; o++) {
    for (int32_t j = 0; j < p->inner; j++) {
      const int32_t row = o * p->depth * p->inner + j;
      int32_t largest = INT16_MIN, sum = 0;
      for (int32_t i = 0; i < p->depth; i++) largest = tml_max(largest, in[row + i * p->inner]);
      for (int32_t i = 0; i < p->depth; i++) sum += tml_softmax_exponential_s16(p, exponentials, in[row + i * p->inner] - largest);
      const int32_t headroom = tml_leading_zeros((uint32_t)sum), shift = 31 - headroom;
      const int32_t scaled = (int32_t)((((int64_t)sum << (headroom - 1)) + ((int32_t)1 << 13)) >> 14) - (((int32_t)1 << 15) + ((int32_t)1 << 16));
      const int32_t share = tml_sampled_s16(reciprocals, tml_clamp_s32(scaled, INT16_MIN, INT16_MAX));
      for (int32_t i = 0; i < p->depth; i++) {
        const int32_t exponential = tml_softmax_exponential_s16(p, exponentials, in[row + i * p->inner] - largest);
        out[row + i * p->inner] = (int16_t)tml_clamp_s32((exponential * share + ((int32_t)1 << (shift - 1))) >> shift, 0, INT16_MAX);
      }
    }
  }
}

#endif
