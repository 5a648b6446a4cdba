/* Limits int8 values to [low, high]; input and output may be the same memory. */
#ifndef TML_CLAMP_S8_H
#define TML_CLAMP_S8_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
  int32_t low, high;
} tml_clamp_s8_params;

TML_KERNEL void tml_clamp_s8(const tml_clamp_s8_params *p, const int8_t *in, int8_t *out) {
  for (int32_t i = 0; i < p->elements; i++) {
    const int8_t x = in[i];
    out[i] = (int8_t)(x < p->low ? p->low : x > p->high ? p->high : x);
  }
}

#endif
