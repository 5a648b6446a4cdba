/* Slices of a tensor along an axis, picked by places that are known only when the model runs. */
#ifndef TML_GATHER_H
#define TML_GATHER_H

#include "tml_copy.h"

typedef struct {
  int32_t outer, extent, count, inner; /* elements of the tensor: [outer][extent][inner]; places: count */
} tml_gather_params;

/* Negative places count from the end; places outside of the axis stop at its ends. */
#define TML_GATHER(name, INDEX, T, COPY) \
  TML_KERNEL void name(const tml_gather_params *p, const INDEX *indices, const T *data, T *out) { \
    for (int32_t o = 0; o < p->outer; o++) \
      for (int32_t i = 0; i < p->count; i++, out += p->inner) { \
        const int64_t index = indices[i] < 0 ? (int64_t)indices[i] + p->extent : (int64_t)indices[i]; \
        const int32_t at = index < 0 ? 0 : index >= p->extent ? p->extent - 1 : (int32_t)index; \
        COPY(out, data + (o * p->extent + at) * p->inner, sizeof(T) * (size_t)p->inner); \
      } \
  }

#endif
