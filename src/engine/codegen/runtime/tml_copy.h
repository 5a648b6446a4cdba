/* Moves blocks of bytes: joining, cutting, slicing, repeating, padding. */
#ifndef TML_COPY_H
#define TML_COPY_H

#include <string.h>

#include "tml_base.h"

#if defined(__AVR__)
#define TML_COPY_CONST(to, from, bytes) memcpy_P(to, from, bytes)
#else
#define TML_COPY_CONST(to, from, bytes) memcpy(to, from, bytes)
#endif

typedef struct {
  int32_t count_0, count_1, count_2, count_3, count_4, count_5; /* blocks along six axes */
  int32_t from_0, from_1, from_2, from_3, from_4, from_5;       /* bytes from one to the next */
  int32_t to_0, to_1, to_2, to_3, to_4, to_5;
  int32_t from, to, bytes; /* where the first block lies, and how long each is */
} tml_copy_params;

#define TML_COPY_(name, copy) \
  TML_KERNEL void name(const tml_copy_params *p, const uint8_t *in, uint8_t *out) { \
    for (int32_t a = 0; a < p->count_0; a++) \
      for (int32_t b = 0; b < p->count_1; b++) \
        for (int32_t c = 0; c < p->count_2; c++) \
          for (int32_t d = 0; d < p->count_3; d++) \
            for (int32_t e = 0; e < p->count_4; e++) \
              for (int32_t f = 0; f < p->count_5; f++) \
                copy(out + p->to + a * p->to_0 + b * p->to_1 + c * p->to_2 + d * p->to_3 + e * p->to_4 + f * p->to_5, \
                     in + p->from + a * p->from_0 + b * p->from_1 + c * p->from_2 + d * p->from_3 + e * p->from_4 + f * p->from_5, (size_t)p->bytes); \
  }

TML_COPY_(tml_copy, memcpy)
TML_COPY_(tml_copy_const, TML_COPY_CONST)

typedef struct {
  int32_t bytes, value;
} tml_fill_params;

/* The same byte everywhere. */
TML_KERNEL void tml_fill(const tml_fill_params *p, uint8_t *out) {
  memset(out, p->value, (size_t)p->bytes);
}

#endif
