/* Layers with weights: how weights are stored, what sums start from, and how they become results. */
#ifndef TML_WEIGHTED_H
#define TML_WEIGHTED_H

#include "tml_requantize_q31.h"

/* Weights as they lie in flash: element i of a tensor. Narrow ones share bytes, the first in the lowest bits. */
#define TML_WEIGHT_TYPE_F32 float
#define TML_WEIGHT_F32(w, i) TML_F32((w) + (i))
#define TML_WEIGHT_TYPE_F16 uint16_t
#define TML_WEIGHT_F16(w, i) tml_half(TML_U16((w) + (i)))
#define TML_WEIGHT_TYPE_S8 int8_t
#define TML_WEIGHT_S8(w, i) TML_S8((w) + (i))
#define TML_WEIGHT_TYPE_U8 uint8_t
#define TML_WEIGHT_U8(w, i) TML_U8((w) + (i))
#define TML_WEIGHT_TYPE_S4 uint8_t
#define TML_WEIGHT_S4(w, i) ((int32_t)(((uint32_t)TML_U8((w) + ((i) >> 1)) >> (4 * ((i) & 1)) & 15) ^ 8) - 8)
#define TML_WEIGHT_TYPE_U4 uint8_t
#define TML_WEIGHT_U4(w, i) ((int32_t)((uint32_t)TML_U8((w) + ((i) >> 1)) >> (4 * ((i) & 1)) & 15))
#define TML_WEIGHT_TYPE_S2 uint8_t
#define TML_WEIGHT_S2(w, i) ((int32_t)(((uint32_t)TML_U8((w) + ((i) >> 2)) >> (2 * ((i) & 3)) & 3) ^ 2) - 2)
/* One bit: 1 or -1. */
#define TML_WEIGHT_TYPE_B1 uint8_t
#define TML_WEIGHT_B1(w, i) (2 * (int32_t)((uint32_t)TML_U8((w) + ((i) >> 3)) >> ((i) & 7) & 1) - 1)
/* Codes behind a codebook of int8 in bytes, or of floats in words. */
#define TML_WEIGHT_TYPE_C2S8 uint8_t
#define TML_WEIGHT_C2S8(w, i) ((int8_t)TML_U8((w) + ((uint32_t)TML_U8((w) + 4 + ((i) >> 2)) >> (2 * ((i) & 3)) & 3)))
#define TML_WEIGHT_TYPE_C4S8 uint8_t
#define TML_WEIGHT_C4S8(w, i) ((int8_t)TML_U8((w) + ((uint32_t)TML_U8((w) + 16 + ((i) >> 1)) >> (4 * ((i) & 1)) & 15)))
#define TML_WEIGHT_TYPE_C2F32 uint32_t
#define TML_WEIGHT_C2F32(w, i) tml_word_f32(TML_U32((w) + (TML_U32((w) + 4 + ((i) >> 4)) >> (2 * ((i) & 15)) & 3)))
#define TML_WEIGHT_TYPE_C4F32 uint32_t
#define TML_WEIGHT_C4F32(w, i) tml_word_f32(TML_U32((w) + (TML_U32((w) + 16 + ((i) >> 3)) >> (4 * ((i) & 7)) & 15)))
#define TML_WEIGHT_TYPE_C8F32 uint32_t
#define TML_WEIGHT_C8F32(w, i) tml_word_f32(TML_U32((w) + (TML_U32((w) + 256 + ((i) >> 2)) >> (8 * ((i) & 3)) & 255)))
TML_INLINE float tml_word_f32(uint32_t word) {
  union { uint32_t i; float f; } u;
  u.i = word;
  return u.f;
}

/* IEEE half precision to float: infinity and NaN do not occur in weights. */
TML_INLINE float tml_half(uint16_t bits) {
  const uint32_t size = bits & 0x7fffu;
  union { uint32_t i; float f; } u;
  u.i = size << 13; /* the exponent is off by 112 */
  u.f *= 5.192296858534828e33f;
  return bits & 0x8000u ? -u.f : u.f;
}

#define TML_RULE_MEMBERS \
  int32_t in_zero_point, weight_zero_point, out_zero_point, low, high, per_channel, roundings, block, blocks; \
  float real_low, real_high

/* Real numbers. */
#define TML_ARGS_F32 , const float *bias
#define TML_OFFSET_F32(p) 0
#define TML_START_F32(c) TML_F32(bias + (c))
#define TML_FACTOR_F32(p, o, c)
#define TML_FINISH_F32(p, acc, c) tml_clamp_f32(acc, (p)->real_low, (p)->real_high)

/* Real activations, integer weights with a scale for each channel. */
#define TML_ARGS_REAL , const float *bias, const float *scale
#define TML_OFFSET_REAL(p) 0
#define TML_START_REAL(c) 0
#define TML_FACTOR_REAL(p, o, c)
#define TML_FINISH_REAL(p, acc, c) tml_clamp_f32((acc) * TML_F32(scale + (c)) + TML_F32(bias + (c)), (p)->real_low, (p)->real_high)

/* Real activations, integer weights with a scale for each block of input channels. */
#define TML_ARGS_BLOCK , const float *bias, const float *scale
#define TML_OFFSET_BLOCK(p) 0
#define TML_START_BLOCK(c) TML_F32(bias + (c))
#define TML_FACTOR_BLOCK(p, o, c) * TML_F32(scale + (o) * (p)->blocks + (c) / (p)->block)
#define TML_FINISH_BLOCK(p, acc, c) tml_clamp_f32(acc, (p)->real_low, (p)->real_high)

/* Real activations as codes with a scale for each row (TFLite's dynamic range), integer weights. */
#define TML_ARGS_HYBRID , const float *bias, const float *scale, const float *row_scales, const int32_t *row_zeros
#define TML_OFFSET_HYBRID(p) row_zeros[row]
#define TML_START_HYBRID(c) 0
#define TML_FACTOR_HYBRID(p, o, c)
#define TML_FINISH_HYBRID(p, acc, c) tml_clamp_f32((float)(acc) * (TML_F32(scale + (c)) * row_scales[row]) + TML_F32(bias + (c)), (p)->real_low, (p)->real_high)

/* Codes in TFLite's fixed point, sums of 32 bits. */
#define TML_ARGS_Q31 , const int32_t *bias, const int32_t *mantissa, const int8_t *shift
#define TML_OFFSET_Q31(p) (p)->in_zero_point
#define TML_START_Q31(c) TML_S32(bias + (c))
#define TML_AT_(p, c) ((p)->per_channel ? (c) : 0)
#define TML_FACTOR_Q31(p, o, c)
#define TML_FINISH_Q31(p, acc, c) \
  tml_clamp_s32(tml_scale_q31((int32_t)(acc), TML_S32(mantissa + TML_AT_(p, c)), TML_S8(shift + TML_AT_(p, c)), (p)->roundings) + (p)->out_zero_point, (p)->low, (p)->high)

/* The same for 16-bit codes: sums of 64 bits, multipliers of 15. */
#define TML_ARGS_WIDE , const int64_t *bias, const int32_t *mantissa, const int8_t *shift
#define TML_OFFSET_WIDE(p) (p)->in_zero_point
#define TML_START_WIDE(c) TML_S64(bias + (c))
#define TML_FACTOR_WIDE(p, o, c)
#define TML_FINISH_WIDE(p, acc, c) \
  tml_clamp_s32(tml_scale_wide(acc, TML_S32(mantissa + TML_AT_(p, c)), TML_S8(shift + TML_AT_(p, c))) + (p)->out_zero_point, (p)->low, (p)->high)
TML_INLINE int32_t tml_scale_wide(int64_t x, int32_t mantissa, int32_t shift) {
  const int32_t reduced = mantissa < 0x7fff0000 ? (mantissa + ((int32_t)1 << 15)) >> 16 : 0x7fff;
  return (int32_t)((x * reduced + ((int64_t)1 << (14 - shift))) >> (15 - shift));
}

/* Codes as onnxruntime scales them: a float product, ties to even. */
#define TML_ARGS_EVEN , const int32_t *bias, const float *scale
#define TML_OFFSET_EVEN(p) (p)->in_zero_point
#define TML_START_EVEN(c) TML_S32(bias + (c))
#define TML_FACTOR_EVEN(p, o, c)
#define TML_FINISH_EVEN(p, acc, c) tml_code_of((float)(acc) * TML_F32(scale + (c)), (p)->out_zero_point, (p)->low, (p)->high)
#define TML_ARGS_EVEN_WIDE , const int64_t *bias, const float *scale
#define TML_OFFSET_EVEN_WIDE(p) (p)->in_zero_point
#define TML_START_EVEN_WIDE(c) TML_S64(bias + (c))
#define TML_FACTOR_EVEN_WIDE(p, o, c)
#define TML_FINISH_EVEN_WIDE(p, acc, c) TML_FINISH_EVEN(p, acc, c)

/* Codes for rows of real numbers: -127 to 127 around zero, or -128 to 127 over the range of the row and zero. */
TML_KERNEL void tml_hybrid_rows(const float *in, int32_t rows, int32_t length, int32_t asymmetric, float *scales, int32_t *zeros, int8_t *codes) {
  for (int32_t row = 0; row < rows; row++, in += length, codes += length) {
    float low = 0, high = 0;
    for (int32_t i = 0; i < length; i++) {
      low = in[i] < low ? in[i] : low;
      high = in[i] > high ? in[i] : high;
    }
    const float size = -low > high ? -low : high;
    const double step = ((double)high - (double)low) / 255.0;
    zeros[row] = 0;
    scales[row] = 1.0f;
    if (asymmetric && low != high) {
      const double from_low = -128.0 - low / step, from_high = 127.0 - high / step;
      const double zero = 128.0 + fabs(low / step) < 127.0 + fabs(high / step) ? from_low : from_high;
      zeros[row] = tml_min(127, tml_max(-128, (int32_t)(zero < 0 ? zero - 0.5 : zero + 0.5)));
      scales[row] = (float)step;
    } else if (!asymmetric && size != 0) {
      scales[row] = size / 127.0f;
    }
    const float inverse = asymmetric ? 1.0f / scales[row] : size != 0 ? 127.0f / size : 0.0f;
    for (int32_t i = 0; i < length; i++) {
      const int32_t code = tml_round_away((float)zeros[row] + tml_rounded(in[i] * inverse));
      codes[i] = (int8_t)tml_min(127, tml_max(asymmetric ? -128 : -127, low == high ? 0 : code));
    }
  }
}

/* Scratch of `rows` rows: scales, zero points, codes. `core` is the layer on codes. */
#define TML_HYBRID(name, params, W, core, ROWS, LENGTH) \
  TML_KERNEL void name(const params *p, const float *in, const TML_WEIGHT_TYPE_##W *weights, const float *bias, const float *scale, uint8_t *scratch, float *out) { \
    float *scales = (float *)(void *)scratch; \
    int32_t *zeros = (int32_t *)(void *)(scratch + 4 * (ROWS)); \
    int8_t *codes = (int8_t *)(scratch + 8 * (ROWS)); \
    tml_hybrid_rows(in, ROWS, LENGTH, p->asymmetric, scales, zeros, codes); \
    core(p, codes, weights, bias, scale, scales, zeros, out); \
  }

#endif
