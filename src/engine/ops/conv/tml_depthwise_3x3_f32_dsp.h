/* float32 depthwise 3x3, NHWC, on cores with an FPU: the last three rows of a channel are kept in scratch with zeros around
   them, four results of a row are computed together. Border of at most one pixel. */
#ifndef TML_DEPTHWISE_3X3_F32_DSP_H
#define TML_DEPTHWISE_3X3_F32_DSP_H

#include "tml_base.h"

#if !defined(__ARM_FP) || !(__ARM_FP & 4) || !defined(__ARM_FEATURE_FMA) || !defined(__GNUC__)
#error "This model was generated for Arm cores with an FPU: compile with -mfpu=fpv4-sp-d16 (or fpv5-sp-d16) and -mfloat-abi=hard, or generate it with --isa c99"
#endif

typedef struct {
  int32_t channels, along, across, out_along, out_across; /* pixels along a row in scratch, and rows across */
  int32_t in_step, in_pitch, out_step, out_pitch;         /* floats from pixel to pixel and from row to row */
  int32_t pad_along, pad_across;
  int32_t row; /* floats of a row in scratch: what the last four results read */
  float low, high;
} tml_depthwise_3x3_f32_dsp_params;

/* Adds a row's part to four sums: three taps each, `n` floats from result to result. */
#define TML_DW_FOUR_F32_(x, n, a, b, c) \
  s0 = __builtin_fmaf((x)[0], a, s0); s0 = __builtin_fmaf((x)[1], b, s0); s0 = __builtin_fmaf((x)[2], c, s0); \
  s1 = __builtin_fmaf((x)[n], a, s1); s1 = __builtin_fmaf((x)[n + 1], b, s1); s1 = __builtin_fmaf((x)[n + 2], c, s1); \
  s2 = __builtin_fmaf((x)[2 * n], a, s2); s2 = __builtin_fmaf((x)[2 * n + 1], b, s2); s2 = __builtin_fmaf((x)[2 * n + 2], c, s2); \
  s3 = __builtin_fmaf((x)[3 * n], a, s3); s3 = __builtin_fmaf((x)[3 * n + 1], b, s3); s3 = __builtin_fmaf((x)[3 * n + 2], c, s3);

/* Negative numbers become 0: their sign, spread over all bits, clears them. */
TML_INLINE float tml_dw_result_f32(const tml_depthwise_3x3_f32_dsp_params *p, float x, int is_relu) {
  union { float f; int32_t i; } u = {x};
  if (!is_relu) return tml_clamp_f32(x, p->low, p->high);
  u.i &= ~(u.i >> 31);
  return u.f;
}

TML_INLINE void tml_dw_gather_f32(const float *from, int32_t step, float *to, int32_t count) {
  for (float *const end = to + count; to != end; from += step) *to++ = *from;
}

/* A row of results from three rows in scratch. w: nine weights and the bias. */
TML_INLINE void tml_dw_row_f32(const tml_depthwise_3x3_f32_dsp_params *p, const float *x, const float *y, const float *z, const float *w, float *to, int32_t n, int is_relu) {
  const float w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5], w6 = w[6], w7 = w[7], w8 = w[8], bias = w[9];
  const int32_t step = p->out_step;
  for (int32_t left = p->out_along;; left -= 4, x += 4 * n, y += 4 * n, z += 4 * n, to += step) {
    float s0 = bias, s1 = bias, s2 = bias, s3 = bias;
    TML_DW_FOUR_F32_(x, n, w0, w1, w2)
    TML_DW_FOUR_F32_(y, n, w3, w4, w5)
    TML_DW_FOUR_F32_(z, n, w6, w7, w8)
    *to = tml_dw_result_f32(p, s0, is_relu);
    if (left == 1) return;
    *(to += step) = tml_dw_result_f32(p, s1, is_relu);
    if (left == 2) return;
    *(to += step) = tml_dw_result_f32(p, s2, is_relu);
    if (left == 3) return;
    *(to += step) = tml_dw_result_f32(p, s3, is_relu);
    if (left == 4) return;
  }
}

/* weights: { nine weights along rows, bias } of each channel. */
TML_INLINE void tml_depthwise_rows_f32(const tml_depthwise_3x3_f32_dsp_params *p, const float *in, const float *weights, float *rows, float *out, int32_t stride, int is_relu) {
  for (int32_t i = 0; i < 3 * p->row; i++) rows[i] = 0.0f;
  for (int32_t c = 0; c < p->channels; c++, in++, out++, weights += 10) {
    float *a = rows, *b = rows + p->row, *d = b + p->row;
    int32_t next = -p->pad_across;
    for (int32_t r = 0; r < p->out_across; r++) {
      for (; next < r * stride - p->pad_across + 3; next++) {
        float *const oldest = a;
        a = b;
        b = d;
        d = oldest;
        if ((uint32_t)next < (uint32_t)p->across) tml_dw_gather_f32(in + next * p->in_pitch, p->in_step, d + p->pad_along, p->along);
        else for (int32_t i = 0; i < p->along; i++) d[p->pad_along + i] = 0.0f;
      }
      tml_dw_row_f32(p, a, b, d, weights, out + r * p->out_pitch, stride, is_relu);
    }
  }
}

#define TML_DEPTHWISE_3X3_F32_DSP(name, stride, is_relu) \
  TML_NOINLINE void name(const tml_depthwise_3x3_f32_dsp_params *p, const float *in, const float *weights, uint8_t *scratch, float *out) { \
    tml_depthwise_rows_f32(p, in, weights, (float *)(void *)scratch, out, stride, is_relu); \
  }

#endif
