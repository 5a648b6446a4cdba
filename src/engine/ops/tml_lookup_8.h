/* A function of 8-bit codes by its table; input and output may be the same memory. */
#ifndef TML_LOOKUP_8_H
#define TML_LOOKUP_8_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
} tml_lookup_8_params;

TML_KERNEL void tml_lookup_8(const tml_lookup_8_params *p, const uint8_t *in, const uint8_t *table, uint8_t *out) {
  for (int32_t i = 0; i < p->elements; i++) out[i] = TML_U8(table + in[i]);
}

#endif
