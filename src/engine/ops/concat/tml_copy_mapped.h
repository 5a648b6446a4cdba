/* Joins bytes that go through a table on the way. */
#ifndef TML_COPY_MAPPED_H
#define TML_COPY_MAPPED_H

#include "tml_copy.h"

TML_INLINE void tml_copy_mapped(const tml_copy_params *p, const uint8_t *in, const uint8_t *table, uint8_t *out) {
  for (int32_t d = 0; d < p->count_3; d++)
    for (int32_t e = 0; e < p->count_4; e++)
      for (int32_t f = 0; f < p->count_5; f++) {
        const uint8_t *from = in + p->from + d * p->from_3 + e * p->from_4 + f * p->from_5;
        uint8_t *to = out + p->to + d * p->to_3 + e * p->to_4 + f * p->to_5;
        for (int32_t i = 0; i < p->bytes; i++) to[i] = TML_U8(table + from[i]);
      }
}

#endif
