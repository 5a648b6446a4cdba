/* float GRU and plain recurrent layers over sequences, in one direction or both, as ONNX defines them. */
#ifndef TML_RECURRENT_F32_H
#define TML_RECURRENT_F32_H

#include <string.h>

#include "tml_real_functions.h"

typedef struct {
  int32_t directions, batch, time, features, hidden;
  int32_t reverse, batch_first, resets_after;
  float clip;
} tml_recurrent_f32_params;

/* Activations whose parameters ONNX fixes. */
#define TML_CELL_RELU(p, x) ((x) > 0 ? (x) : 0)
#define TML_CELL_AFFINE(p, x) (x)
#define TML_CELL_LEAKYRELU(p, x) ((x) < 0 ? 0.01f * (x) : (x))
#define TML_CELL_THRESHOLDEDRELU(p, x) ((x) > 1.0f ? (x) : 0)
#define TML_CELL_HARDSIGMOID(p, x) tml_clamp_f32(0.2f * (x) + 0.5f, 0.0f, 1.0f)
#define TML_CELL_ELU(p, x) ((x) < 0 ? tml_expm1(x) : (x))
#define TML_CELL_TANH(p, x) tanhf(x)
#define TML_CELL_SIGMOID(p, x) tml_logistic(x)
#define TML_CELL_SOFTSIGN(p, x) ((x) / (1.0f + fabsf(x)))
#define TML_CELL_SOFTPLUS(p, x) tml_softplus(x)

TML_INLINE float tml_row_product(const float *row, const float *x, int32_t length) {
  float sum = 0;
  for (int32_t k = 0; k < length; k++) sum += TML_F32(row + k) * x[k];
  return sum;
}
TML_INLINE float tml_limit_(const tml_recurrent_f32_params *p, float x) { return tml_clamp_f32(x, -p->clip, p->clip); }

#define TML_GATE_(row) (tml_row_product(w + (row) * p->features, x, p->features) + TML_F32(b + (row)) + TML_F32(b + gates * n + (row)))

/* Cells make the state `next` from the features `x` and the state `h`, with the weights of their direction. */
#define TML_RNN_CELL(name, F) \
  TML_KERNEL void name(const tml_recurrent_f32_params *p, const float *x, const float *h, const float *w, const float *r, const float *b, float *next) { \
    const int32_t n = p->hidden, gates = 1; \
    for (int32_t u = 0; u < n; u++) { \
      const float sum = tml_limit_(p, TML_GATE_(u) + tml_row_product(r + u * n, h, n)); \
      next[u] = F(p, sum); \
    } \
  }

/* Gates update and reset, then the candidate. Behind `next` is room for two more states. */
#define TML_GRU_CELL(name, F, G) \
  TML_KERNEL void name(const tml_recurrent_f32_params *p, const float *x, const float *h, const float *w, const float *r, const float *b, float *next) { \
    const int32_t n = p->hidden, gates = 3; \
    float *const update = next + n, *const damped = next + 2 * n; \
    for (int32_t u = 0; u < n; u++) { \
      const float z = tml_limit_(p, TML_GATE_(u) + tml_row_product(r + u * n, h, n)); \
      const float reset = tml_limit_(p, TML_GATE_(n + u) + tml_row_product(r + (n + u) * n, h, n)); \
      update[u] = F(p, z); \
      damped[u] = F(p, reset); \
      if (!p->resets_after) damped[u] *= h[u]; \
    } \
    for (int32_t u = 0; u < n; u++) { \
      const int32_t row = 2 * n + u; \
      const float inner = p->resets_after ? damped[u] * (tml_row_product(r + row * n, h, n) + TML_F32(b + 3 * n + row)) \
                                          : tml_row_product(r + row * n, damped, n) + TML_F32(b + 3 * n + row); \
      const float sum = tml_limit_(p, tml_row_product(w + row * p->features, x, p->features) + inner + TML_F32(b + row)); \
      next[u] = (1.0f - update[u]) * G(p, sum) + update[u] * h[u]; \
    } \
  }

/* BEFORE, BEHIND: where the first state stands among the arguments, in RAM or as a constant; FIRST reads it. */
#define TML_RECURRENT_F32(name, cell, gates, BEFORE, BEHIND, FIRST) \
  TML_KERNEL void name(const tml_recurrent_f32_params *p, const float *in, BEFORE const float *weights, const float *recurrent, const float *bias, BEHIND uint8_t *scratch, \
                       float *out, float *last) { \
    const int32_t n = p->hidden; \
    float *const next = (float *)(void *)scratch; \
    for (int32_t d = 0; d < p->directions; d++) \
      for (int32_t s = 0; s < p->batch; s++) { \
        const int32_t state = (p->batch_first ? s * p->directions + d : d * p->batch + s) * n; \
        float *const h = last + state; \
        for (int32_t i = 0; i < n; i++) h[i] = FIRST(state + i); \
        for (int32_t i = 0; i < p->time; i++) { \
          const int32_t step = p->reverse || d == 1 ? p->time - 1 - i : i; \
          const float *x = in + (p->batch_first ? s * p->time + step : step * p->batch + s) * p->features; \
          cell(p, x, h, weights + d * gates * n * p->features, recurrent + d * gates * n * n, bias + d * 2 * gates * n, next); \
          memcpy(h, next, sizeof(float) * (size_t)n); \
          memcpy(out + (p->batch_first ? (s * p->time + step) * p->directions + d : (step * p->directions + d) * p->batch + s) * n, next, sizeof(float) * (size_t)n); \
        } \
      } \
  }
#define TML_NOTHING
#define TML_FIRST_STATE const float *first,
#define TML_FROM_ZERO(i) 0.0f
#define TML_FROM_RAM(i) first[i]
#define TML_FROM_CONST(i) TML_F32(first + (i))

#endif
