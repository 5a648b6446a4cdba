/* Low-rank filter over time on int8 codes in TFLite's fixed point. The state holds `memory` values of each filter, oldest first. */
#ifndef TML_SVDF_S8_H
#define TML_SVDF_S8_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t batches, width, units, rank, memory;
  int32_t in_zero_point, state_zero_point, out_zero_point;
  int32_t state_mantissa, state_shift, mantissa, shift, roundings;
} tml_svdf_s8_params;

TML_KERNEL void tml_svdf_s8(const tml_svdf_s8_params *p, const int8_t *in, const int8_t *state, const int8_t *feature, const int8_t *time,
                            const int32_t *bias, int8_t *out, int8_t *next) {
  const int32_t filters = p->units * p->rank;
  for (int32_t b = 0; b < p->batches; b++, in += p->width, state += filters * p->memory, next += filters * p->memory) {
    const int8_t *w = feature;
    for (int32_t f = 0; f < filters; f++, w += p->width) {
      int32_t sum = 0;
      for (int32_t i = 0; i < p->width; i++) sum += TML_S8(w + i) * (in[i] - p->in_zero_point);
      sum = tml_clamp_s32(tml_scale_q31(sum, p->state_mantissa, p->state_shift, p->roundings), INT8_MIN, INT8_MAX);
      for (int32_t m = 0; m + 1 < p->memory; m++) next[f * p->memory + m] = state[f * p->memory + m + 1];
      next[(f + 1) * p->memory - 1] = (int8_t)(p->state_zero_point + sum);
    }
    const int8_t *t = time, *values = next;
    for (int32_t u = 0; u < p->units; u++) {
      int32_t sum = TML_S32(bias + u);
      for (int32_t k = 0; k < p->rank * p->memory; k++) sum += TML_S8(t++) * (*values++ - p->state_zero_point);
      *out++ = (int8_t)tml_clamp_s32(tml_scale_q31(sum, p->mantissa, p->shift, p->roundings) + p->out_zero_point, INT8_MIN, INT8_MAX);
    }
  }
}

#endif
