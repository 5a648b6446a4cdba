/* float matrix products: batches of [rows][depth] times [depth][columns]; either side may be constant. */
#ifndef TML_MATMUL_F32_H
#define TML_MATMUL_F32_H

#include "tml_base.h"

typedef struct {
  int32_t count_0, count_1, count_2;        /* batches along three axes */
  int32_t a_0, a_1, a_2, b_0, b_1, b_2;     /* matrices from one to the next; 0 where one is used again */
  int32_t rows, depth, columns;
} tml_matmul_f32_params;

/* FIRST and SECOND are `a` and `b` in the order of the arguments. */
#define TML_MATMUL_F32(name, FIRST, SECOND, READ_A, READ_B) \
  TML_KERNEL void name(const tml_matmul_f32_params *p, const float *FIRST, const float *SECOND, float *out) { \
    for (int32_t i = 0; i < p->count_0; i++) \
      for (int32_t j = 0; j < p->count_1; j++) \
        for (int32_t k = 0; k < p->count_2; k++) { \
          const float *x = a + (i * p->a_0 + j * p->a_1 + k * p->a_2) * p->rows * p->depth; \
          const float *y = b + (i * p->b_0 + j * p->b_1 + k * p->b_2) * p->depth * p->columns; \
          for (int32_t row = 0; row < p->rows; row++, x += p->depth) \
            for (int32_t column = 0; column < p->columns; column++) { \
              float sum = 0; \
              for (int32_t d = 0; d < p->depth; d++) sum += READ_A(x + d) * READ_B(y + d * p->columns + column); \
              *out++ = sum; \
            } \
        } \
  }

#endif
