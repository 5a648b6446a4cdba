/* Softmax of 8-bit codes. Exponentials come from a table of integers by distance from the largest code: every machine computes the
   same bits, and none needs expf. Input and output may be the same memory. */
#ifndef TML_SOFTMAX_S8_H
#define TML_SOFTMAX_S8_H

#include "tml_base.h"

typedef struct {
  int32_t outer, depth, inner;
  float inverse_scale;
  int32_t out_zero_point, low, high;
} tml_softmax_s8_params;

#define TML_SOFTMAX_S8_FUNCTION_(name, T) \
  TML_KERNEL void name(const tml_softmax_s8_params *p, const T *in, const int32_t *exponentials, T *out) { \
    const float lowest = (float)(p->low - p->out_zero_point), highest = (float)(p->high - p->out_zero_point); \
    for (int32_t o = 0; o < p->outer; o++) { \
      for (int32_t j = 0; j < p->inner; j++) { \
        const int32_t row = o * p->depth * p->inner + j; \
        int32_t largest = in[row], sum = 0; \
        for (int32_t i = 0; i < p->depth; i++) largest = tml_max(largest, in[row + i * p->inner]); \
        for (int32_t i = 0; i < p->depth; i++) sum += TML_S32(exponentials + (largest - in[row + i * p->inner])); \
        for (int32_t i = 0; i < p->depth; i++) { \
          const float share = (float)TML_S32(exponentials + (largest - in[row + i * p->inner])) / (float)sum; \
          const float x = tml_clamp_f32(share * p->inverse_scale, lowest, highest); \
          out[row + i * p->inner] = (T)(tml_round_even(x) + p->out_zero_point); \
        } \
      } \
    } \
  }

TML_SOFTMAX_S8_FUNCTION_(tml_softmax_s8, int8_t)
TML_SOFTMAX_S8_FUNCTION_(tml_softmax_u8, uint8_t)

#endif
