/* Moves blocks of bytes: joining, cutting, slicing, padding. */
#ifndef TML_COPY_H
#define TML_COPY_H

#include <string.h>

#include "tml_base.h"

typedef struct {
  int32_t count_0, count_1, count_2, count_3; /* blocks along four axes */
  int32_t from_0, from_1, from_2, from_3;     /* bytes from one to the next */
  int32_t to_0, to_1, to_2, to_3;
  int32_t from, to, bytes; /* where the first block lies, and how long each is */
} tml_copy_params;

TML_INLINE void tml_copy(const tml_copy_params *p, const uint8_t *in, uint8_t *out) {
  for (int32_t a = 0; a < p->count_0; a++)
    for (int32_t b = 0; b < p->count_1; b++)
      for (int32_t c = 0; c < p->count_2; c++)
        for (int32_t d = 0; d < p->count_3; d++)
          memcpy(out + p->to + a * p->to_0 + b * p->to_1 + c * p->to_2 + d * p->to_3,
                 in + p->from + a * p->from_0 + b * p->from_1 + c * p->from_2 + d * p->from_3, (size_t)p->bytes);
}

/* A single block; source and target may overlap. */
TML_INLINE void tml_move(const tml_copy_params *p, const uint8_t *in, uint8_t *out) {
  memmove(out + p->to, in + p->from, (size_t)p->bytes);
}

typedef struct {
  int32_t bytes, value;
} tml_fill_params;

/* The same byte everywhere. */
TML_INLINE void tml_fill(const tml_fill_params *p, uint8_t *out) {
  memset(out, p->value, (size_t)p->bytes);
}

#endif
