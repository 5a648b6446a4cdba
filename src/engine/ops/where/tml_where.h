/* Element by element one of two tensors, with broadcasting. */
#ifndef TML_WHERE_H
#define TML_WHERE_H

#include "tml_base.h"

typedef struct {
  int32_t count_0, count_1, count_2, count_3; /* extents of the result */
  int32_t c_0, c_1, c_2, c_3, a_0, a_1, a_2, a_3, b_0, b_1, b_2, b_3; /* elements from one to the next; 0 where repeated */
  int32_t picks; /* what a condition is where the first of both is taken: 1, or 0 where they have changed places */
} tml_where_params;

#define TML_WHERE(name, T, READ_A, READ_B) \
  TML_KERNEL void name(const tml_where_params *p, const uint8_t *condition, const T *a, const T *b, T *out) { \
    for (int32_t i = 0; i < p->count_0; i++) \
      for (int32_t j = 0; j < p->count_1; j++) \
        for (int32_t k = 0; k < p->count_2; k++) { \
          const uint8_t *c = condition + i * p->c_0 + j * p->c_1 + k * p->c_2; \
          const T *x = a + i * p->a_0 + j * p->a_1 + k * p->a_2, *y = b + i * p->b_0 + j * p->b_1 + k * p->b_2; \
          for (int32_t l = 0; l < p->count_3; l++) *out++ = (c[l * p->c_3] != 0) == p->picks ? READ_A(x + l * p->a_3) : READ_B(y + l * p->b_3); \
        } \
  }

#endif
