/* Elements picked by a table of places along each axis: mirrored and repeated borders, nearest neighbours, chosen slices. */
#ifndef TML_TAKE_H
#define TML_TAKE_H

#include <string.h>

#include "tml_base.h"

typedef struct {
  int32_t count_0, count_1, count_2, count_3, count_4, count_5; /* blocks of the result along six axes */
  int32_t from, bytes;                                          /* bytes of the input to leave out, and of each block */
  uint32_t filler, filler_2;                                    /* what stands where nothing is taken: eight bytes, repeated */
} tml_take_params;

/* The table holds the places of all axes, one axis after another, in bytes of the input; negative where nothing is taken. */
TML_KERNEL void tml_take(const tml_take_params *p, const uint8_t *in, const int32_t *table, uint8_t *out) {
  const int32_t *t1 = table + p->count_0, *t2 = t1 + p->count_1, *t3 = t2 + p->count_2, *t4 = t3 + p->count_3, *t5 = t4 + p->count_4;
  for (int32_t a = 0; a < p->count_0; a++)
    for (int32_t b = 0; b < p->count_1; b++)
      for (int32_t c = 0; c < p->count_2; c++)
        for (int32_t d = 0; d < p->count_3; d++)
          for (int32_t e = 0; e < p->count_4; e++)
            for (int32_t f = 0; f < p->count_5; f++, out += p->bytes) {
              const int32_t i = TML_S32(table + a), j = TML_S32(t1 + b), k = TML_S32(t2 + c), l = TML_S32(t3 + d), m = TML_S32(t4 + e), n = TML_S32(t5 + f);
              if ((i | j | k | l | m | n) >= 0) memcpy(out, in + p->from + i + j + k + l + m + n, (size_t)p->bytes);
              else
                for (int32_t x = 0; x < p->bytes; x++) out[x] = (uint8_t)((x & 4 ? p->filler_2 : p->filler) >> (8 * (x & 3)));
            }
}

#endif
