/* Place of the largest or smallest element of each row; `outer` blocks of `depth` values that lie `inner` apart. */
#ifndef TML_ARG_H
#define TML_ARG_H

#include "tml_base.h"

typedef struct {
  int32_t outer, depth, inner;
} tml_arg_params;

#define TML_ARG(name, T, OUT, IS_BETTER) \
  TML_KERNEL void name(const tml_arg_params *p, const T *in, OUT *out) { \
    for (int32_t o = 0; o < p->outer; o++) \
      for (int32_t j = 0; j < p->inner; j++) { \
        const T *row = in + o * p->depth * p->inner + j; \
        int32_t best = 0; \
        for (int32_t i = 1; i < p->depth; i++) \
          if (row[i * p->inner] IS_BETTER row[best * p->inner]) best = i; \
        *out++ = (OUT)best; \
      } \
  }

#endif
