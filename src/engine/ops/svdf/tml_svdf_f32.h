/* Low-rank filter over time on real numbers. The state holds `memory` values of each filter, oldest first. */
#ifndef TML_SVDF_F32_H
#define TML_SVDF_F32_H

#include "tml_base.h"

typedef struct {
  int32_t batches, width, units, rank, memory;
  float low, high;
} tml_svdf_f32_params;

TML_KERNEL void tml_svdf_f32(const tml_svdf_f32_params *p, const float *in, const float *state, const float *feature, const float *time, const float *bias,
                             float *out, float *next) {
  const int32_t filters = p->units * p->rank;
  for (int32_t b = 0; b < p->batches; b++, in += p->width, state += filters * p->memory, next += filters * p->memory) {
    for (int32_t f = 0; f < filters; f++) {
      float sum = 0;
      for (int32_t i = 0; i < p->width; i++) sum += TML_F32(feature + f * p->width + i) * in[i];
      for (int32_t m = 0; m + 1 < p->memory; m++) next[f * p->memory + m] = state[f * p->memory + m + 1];
      next[(f + 1) * p->memory - 1] = sum;
    }
    const float *t = time, *values = next;
    for (int32_t u = 0; u < p->units; u++) {
      float sum = TML_F32(bias + u);
      for (int32_t k = 0; k < p->rank * p->memory; k++) sum += TML_F32(t++) * *values++;
      *out++ = tml_clamp_f32(sum, p->low, p->high);
    }
  }
}

#endif
