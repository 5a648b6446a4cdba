/* Codes under another scale, in TFLite's fixed point. Input and output may be the same memory where their types have one size. */
#ifndef TML_REQUANTIZE_LAYER_H
#define TML_REQUANTIZE_LAYER_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t elements, in_zero_point, mantissa, shift, out_zero_point, low, high, roundings;
} tml_requantize_layer_params;

#define TML_REQUANTIZE_LAYER_(name, from, to) \
  TML_KERNEL void name(const tml_requantize_layer_params *p, const from *in, to *out) { \
    for (int32_t i = 0; i < p->elements; i++) \
      out[i] = (to)tml_clamp_s32(tml_scale_q31((int32_t)in[i] - p->in_zero_point, p->mantissa, p->shift, p->roundings) + p->out_zero_point, p->low, p->high); \
  }

TML_REQUANTIZE_LAYER_(tml_requantize_s8_s8, int8_t, int8_t)
TML_REQUANTIZE_LAYER_(tml_requantize_s8_u8, int8_t, uint8_t)
TML_REQUANTIZE_LAYER_(tml_requantize_u8_s8, uint8_t, int8_t)
TML_REQUANTIZE_LAYER_(tml_requantize_u8_u8, uint8_t, uint8_t)
TML_REQUANTIZE_LAYER_(tml_requantize_s8_s16, int8_t, int16_t)
TML_REQUANTIZE_LAYER_(tml_requantize_s16_s8, int16_t, int8_t)
TML_REQUANTIZE_LAYER_(tml_requantize_s16_s16, int16_t, int16_t)
TML_REQUANTIZE_LAYER_(tml_requantize_s16_s32, int16_t, int32_t)

#endif
