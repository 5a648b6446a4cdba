/* Mean, sum or extreme over neighbouring axes: [outer][count][inner] becomes [outer][inner]. */
#ifndef TML_REDUCE_H
#define TML_REDUCE_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t outer, count, inner;
  int32_t in_zero_point, mantissa, shift, out_zero_point, low, high, roundings;
} tml_reduce_s8_params;

/* Codes' sum on the output's scale, by which a mean divides as well. */
TML_KERNEL void tml_reduce_sum_s8(const tml_reduce_s8_params *p, const int8_t *in, int8_t *out) {
  for (int32_t o = 0; o < p->outer; o++, in += p->count * p->inner) {
    for (int32_t i = 0; i < p->inner; i++) {
      int32_t sum = -p->in_zero_point * p->count;
      for (int32_t k = 0; k < p->count; k++) sum += in[k * p->inner + i];
      *out++ = (int8_t)tml_clamp_s32(tml_scale_q31(sum, p->mantissa, p->shift, p->roundings) + p->out_zero_point, p->low, p->high);
    }
  }
}

typedef struct {
  int32_t outer, count, inner;
  float factor;
} tml_reduce_f32_params;

TML_KERNEL void tml_reduce_sum_f32(const tml_reduce_f32_params *p, const float *in, float *out) {
  for (int32_t o = 0; o < p->outer; o++, in += p->count * p->inner) {
    for (int32_t i = 0; i < p->inner; i++) {
      float sum = 0;
      for (int32_t k = 0; k < p->count; k++) sum += in[k * p->inner + i];
      *out++ = sum * p->factor;
    }
  }
}

#endif
