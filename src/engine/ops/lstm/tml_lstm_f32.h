/* float LSTM over sequences. Gates in the order input, forget, candidate, output. */
#ifndef TML_LSTM_F32_H
#define TML_LSTM_F32_H

#include <string.h>

#include "tml_base.h"

typedef struct {
  int32_t batch, time, width, units, step, sequence, reverse; /* rows from one time step, and one sequence, to the next */
  float cell_limit;                                           /* 0 for none */
} tml_lstm_f32_params;

TML_INLINE float tml_logistic_f32(float x) { return 1.0f / (1.0f + expf(-x)); }

TML_KERNEL void tml_lstm_f32(const tml_lstm_f32_params *p, const float *in, const float *hidden_before, const float *cell_before, const float *weights,
                             const float *recurrent, const float *bias, uint8_t *scratch, float *out, float *hidden, float *cell) {
  float *const gates = (float *)(void *)scratch;
  const int32_t units = p->units;
  if (hidden != hidden_before) memmove(hidden, hidden_before, sizeof(float) * (size_t)(p->batch * units));
  if (cell != cell_before) memmove(cell, cell_before, sizeof(float) * (size_t)(p->batch * units));
  for (int32_t b = 0; b < p->batch; b++, hidden += units, cell += units) {
    for (int32_t i = 0; i < p->time; i++) {
      const int32_t row = b * p->sequence + (p->reverse ? p->time - 1 - i : i) * p->step;
      const float *const x = in + row * p->width;
      for (int32_t k = 0; k < 4 * units; k++) {
        float sum = TML_F32(bias + k);
        for (int32_t j = 0; j < p->width; j++) sum += TML_F32(weights + k * p->width + j) * x[j];
        for (int32_t j = 0; j < units; j++) sum += TML_F32(recurrent + k * units + j) * hidden[j];
        gates[k] = k / units == 2 ? tanhf(sum) : tml_logistic_f32(sum);
      }
      for (int32_t u = 0; u < units; u++) {
        const float next = gates[units + u] * cell[u] + gates[u] * gates[2 * units + u];
        cell[u] = p->cell_limit > 0 ? tml_clamp_f32(next, -p->cell_limit, p->cell_limit) : next;
        hidden[u] = gates[3 * units + u] * tanhf(cell[u]);
      }
      memcpy(out + row * units, hidden, sizeof(float) * (size_t)units);
    }
  }
}

/* The same from constant states. */
TML_KERNEL void tml_lstm_f32_const(const tml_lstm_f32_params *p, const float *in, const float *weights, const float *recurrent, const float *bias,
                                   const float *first_hidden, const float *first_cell, uint8_t *scratch, float *out, float *hidden, float *cell) {
  for (int32_t i = 0; i < p->batch * p->units; i++) {
    hidden[i] = TML_F32(first_hidden + i);
    cell[i] = TML_F32(first_cell + i);
  }
  tml_lstm_f32(p, in, hidden, cell, weights, recurrent, bias, scratch, out, hidden, cell);
}

#endif
