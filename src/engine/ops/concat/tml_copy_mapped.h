/* Joins bytes that go through a table on the way. */
#ifndef TML_COPY_MAPPED_H
#define TML_COPY_MAPPED_H

#include "tml_code_map.h"
#include "tml_copy.h"

TML_KERNEL void tml_copy_mapped(const tml_copy_params *p, const uint8_t *in, const uint8_t *table, uint8_t *out) {
  for (int32_t d = 0; d < p->count_3; d++)
    for (int32_t e = 0; e < p->count_4; e++)
      for (int32_t f = 0; f < p->count_5; f++) {
        const uint8_t *from = in + p->from + d * p->from_3 + e * p->from_4 + f * p->from_5;
        uint8_t *to = out + p->to + d * p->to_3 + e * p->to_4 + f * p->to_5;
        for (int32_t i = 0; i < p->bytes; i++) to[i] = TML_U8(table + from[i]);
      }
}

typedef struct {
  int32_t count_0, count_1, count_2, count_3, count_4, count_5, from_0, from_1, from_2, from_3, from_4, from_5, to_0, to_1, to_2, to_3, to_4, to_5;
  int32_t from, to, bytes;
  int32_t in_zero_point, out_zero_point, low, high;
  float scale, out_scale;
} tml_join_params;

/* Codes of 16 bits under another scale. */
TML_KERNEL void tml_join_s16(const tml_join_params *p, const uint8_t *in, uint8_t *out) {
  for (int32_t d = 0; d < p->count_3; d++)
    for (int32_t e = 0; e < p->count_4; e++)
      for (int32_t f = 0; f < p->count_5; f++) {
        const int16_t *from = (const int16_t *)(const void *)(in + p->from + d * p->from_3 + e * p->from_4 + f * p->from_5);
        int16_t *to = (int16_t *)(void *)(out + p->to + d * p->to_3 + e * p->to_4 + f * p->to_5);
        for (int32_t i = 0; i < p->bytes / 2; i++) to[i] = (int16_t)TML_RESCALE_REAL(p, from[i]);
      }
}

#endif
