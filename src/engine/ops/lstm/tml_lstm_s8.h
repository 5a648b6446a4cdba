/* LSTM over int8 sequences in TFLite's fixed point: gates are Q3.12 before their activation and Q0.15 after it, the cell is
   int16 with a power of two as its scale. Gates in the order input, forget, candidate, output. */
#ifndef TML_LSTM_S8_H
#define TML_LSTM_S8_H

#include <string.h>

#include "tml_functions_q15.h"
#include "tml_requantize_q31.h"

typedef struct {
  int32_t batch, time, width, units, step, sequence, reverse; /* rows from one time step, and one sequence, to the next */
  int32_t in_zero_point, hidden_zero_point, roundings;
  int32_t in_mantissa[4], in_shift[4], hidden_mantissa[4], hidden_shift[4];
  int32_t keep_mantissa, keep_shift, renew_mantissa, renew_shift, show_mantissa, show_shift;
  int32_t cell_multiplier, cell_shift, cell_limit; /* argument of tanh; largest cell, -1 for none */
} tml_lstm_s8_params;

TML_INLINE int32_t tml_clamp_s16(int32_t x) { return tml_clamp_s32(x, INT16_MIN, INT16_MAX); }

TML_KERNEL void tml_lstm_s8(const tml_lstm_s8_params *p, const int8_t *in, const int8_t *hidden_before, const int16_t *cell_before, const int8_t *weights,
                            const int8_t *recurrent, const int32_t *bias, const uint16_t *table, uint8_t *scratch, int8_t *out, int8_t *hidden, int16_t *cell) {
  int16_t *const gates = (int16_t *)(void *)scratch;
  const int32_t units = p->units, roundings = p->roundings;
  if (hidden != hidden_before) memmove(hidden, hidden_before, (size_t)(p->batch * units));
  if (cell != cell_before) memmove(cell, cell_before, (size_t)(2 * p->batch * units));
  for (int32_t b = 0; b < p->batch; b++, hidden += units, cell += units) {
    for (int32_t i = 0; i < p->time; i++) {
      const int32_t row = b * p->sequence + (p->reverse ? p->time - 1 - i : i) * p->step;
      const int8_t *const x = in + row * p->width;
      for (int32_t g = 0; g < 4; g++) {
        for (int32_t u = 0; u < units; u++) {
          const int32_t k = g * units + u;
          int32_t from_input = TML_S32(bias + k), from_hidden = 0;
          for (int32_t j = 0; j < p->width; j++) from_input += TML_S8(weights + k * p->width + j) * (x[j] - p->in_zero_point);
          for (int32_t j = 0; j < units; j++) from_hidden += TML_S8(recurrent + k * units + j) * (hidden[j] - p->hidden_zero_point);
          const int32_t sum = tml_clamp_s16(tml_clamp_s16(tml_scale_q31(from_input, p->in_mantissa[g], p->in_shift[g], roundings)) +
                                            tml_clamp_s16(tml_scale_q31(from_hidden, p->hidden_mantissa[g], p->hidden_shift[g], roundings)));
          gates[k] = (int16_t)(g == 2 ? tml_tanh_q15(sum * 3, table) : tml_logistic_q15(sum * 3, table));
        }
      }
      for (int32_t u = 0; u < units; u++) {
        const int32_t kept = tml_clamp_s16(tml_scale_q31(gates[units + u] * cell[u], p->keep_mantissa, p->keep_shift, roundings));
        const int32_t added = tml_clamp_s16(tml_scale_q31(gates[u] * gates[2 * units + u], p->renew_mantissa, p->renew_shift, roundings));
        int32_t next = tml_clamp_s16(kept + added);
        if (p->cell_limit >= 0) next = tml_clamp_s32(next, -p->cell_limit, p->cell_limit);
        cell[u] = (int16_t)next;
        const int32_t shown = tml_tanh_q15(tml_argument_q15(next, p->cell_multiplier, p->cell_shift), table) * gates[3 * units + u];
        hidden[u] = (int8_t)tml_clamp_s32(tml_scale_q31(shown, p->show_mantissa, p->show_shift, roundings) + p->hidden_zero_point, INT8_MIN, INT8_MAX);
      }
      memcpy(out + row * units, hidden, (size_t)units);
    }
  }
}

#endif
