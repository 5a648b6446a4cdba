/* float functions of rows: `outer` blocks of `depth` values that lie `inner` apart. Input and output may be the same memory. */
#ifndef TML_ROWS_F32_H
#define TML_ROWS_F32_H

#include "tml_base.h"

typedef struct {
  int32_t outer, depth, inner;
  int32_t reverse, exclusive; /* of running sums and products */
} tml_rows_f32_params;

#define TML_ROWS_F32_(name, body) \
  TML_KERNEL void name(const tml_rows_f32_params *p, const float *in, float *out) { \
    for (int32_t o = 0; o < p->outer; o++) \
      for (int32_t j = 0; j < p->inner; j++) { \
        const float *x = in + o * p->depth * p->inner + j; \
        float *y = out + o * p->depth * p->inner + j; \
        body(p, x, y, p->inner) \
      } \
  }

#define TML_LOG_SOFTMAX_ROW_(p, x, y, step) \
  float largest = x[0], sum = 0; \
  for (int32_t i = 1; i < p->depth; i++) largest = x[i * step] > largest ? x[i * step] : largest; \
  for (int32_t i = 0; i < p->depth; i++) sum += expf(x[i * step] - largest); \
  const float total = logf(sum); \
  for (int32_t i = 0; i < p->depth; i++) y[i * step] = x[i * step] - largest - total;

#define TML_L1_NORM_ROW_(p, x, y, step) \
  float sum = 0; \
  for (int32_t i = 0; i < p->depth; i++) sum += fabsf(x[i * step]); \
  for (int32_t i = 0; i < p->depth; i++) y[i * step] = x[i * step] / sum;

#define TML_L2_NORM_ROW_(p, x, y, step) \
  float sum = 0; \
  for (int32_t i = 0; i < p->depth; i++) sum += x[i * step] * x[i * step]; \
  const float length = sqrtf(sum); \
  for (int32_t i = 0; i < p->depth; i++) y[i * step] = x[i * step] / length;

#define TML_RUNNING_ROW_(p, x, y, step, start, combine) \
  float total = start; \
  for (int32_t i = 0; i < p->depth; i++) { \
    const int32_t at = (p->reverse ? p->depth - 1 - i : i) * step; \
    const float next = total combine x[at]; \
    y[at] = p->exclusive ? total : next; \
    total = next; \
  }
#define TML_CUM_SUM_ROW_(p, x, y, step) TML_RUNNING_ROW_(p, x, y, step, 0, +)
#define TML_CUM_PROD_ROW_(p, x, y, step) TML_RUNNING_ROW_(p, x, y, step, 1, *)

#define TML_HARDMAX_ROW_(p, x, y, step) \
  int32_t best = 0; \
  for (int32_t i = 1; i < p->depth; i++) best = x[i * step] > x[best * step] ? i : best; \
  for (int32_t i = 0; i < p->depth; i++) y[i * step] = i == best;

TML_ROWS_F32_(tml_log_softmax_f32, TML_LOG_SOFTMAX_ROW_)
TML_ROWS_F32_(tml_l1_norm_f32, TML_L1_NORM_ROW_)
TML_ROWS_F32_(tml_l2_norm_f32, TML_L2_NORM_ROW_)
TML_ROWS_F32_(tml_cum_sum_f32, TML_CUM_SUM_ROW_)
TML_ROWS_F32_(tml_cum_prod_f32, TML_CUM_PROD_ROW_)
TML_ROWS_F32_(tml_hardmax_f32, TML_HARDMAX_ROW_)

#endif
