/* Logistic and tanh of int16 codes; results are Q0.15. Input and output may be the same memory. */
#ifndef TML_LOGISTIC_S16_H
#define TML_LOGISTIC_S16_H

#include "tml_functions_q15.h"

typedef struct {
  int32_t elements, multiplier, shift;
} tml_logistic_s16_params;

TML_KERNEL void tml_logistic_s16(const tml_logistic_s16_params *p, const int16_t *in, const uint16_t *table, int16_t *out) {
  for (int32_t i = 0; i < p->elements; i++) out[i] = (int16_t)tml_logistic_q15(tml_argument_q15(in[i], p->multiplier, p->shift), table);
}

TML_KERNEL void tml_tanh_s16(const tml_logistic_s16_params *p, const int16_t *in, const uint16_t *table, int16_t *out) {
  for (int32_t i = 0; i < p->elements; i++) out[i] = (int16_t)tml_tanh_q15(tml_argument_q15(in[i], p->multiplier, p->shift), table);
}

#endif
