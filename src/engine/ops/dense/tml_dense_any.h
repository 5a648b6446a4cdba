/* Fully connected layer on numbers and codes of any type: rows of depth values times weights [outputs][depth], stored in any
   form. */
#ifndef TML_DENSE_ANY_H
#define TML_DENSE_ANY_H

#include "tml_weighted.h"

typedef struct {
  int32_t rows, depth, outputs, asymmetric;
  TML_RULE_MEMBERS;
} tml_dense_any_params;

#define TML_DENSE_ANY(name, IN, ACC, W, OUT, RULE) \
  TML_KERNEL void name(const tml_dense_any_params *p, const IN *in, const TML_WEIGHT_TYPE_##W *weights TML_ARGS_##RULE, OUT *out) { \
    for (int32_t row = 0; row < p->rows; row++, in += p->depth) \
      for (int32_t o = 0; o < p->outputs; o++) { \
        ACC acc = TML_START_##RULE(o); \
        for (int32_t k = 0; k < p->depth; k++) \
          acc += (ACC)(in[k] - TML_OFFSET_##RULE(p)) * (ACC)(TML_WEIGHT_##W(weights, o * p->depth + k) - p->weight_zero_point) TML_FACTOR_##RULE(p, o, k); \
        *out++ = (OUT)TML_FINISH_##RULE(p, acc, o); \
      } \
  }

#endif
