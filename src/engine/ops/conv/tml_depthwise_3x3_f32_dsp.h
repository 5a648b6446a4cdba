/* float32 depthwise 3x3, NHWC, on cores with an FPU: the last three rows of a channel are kept in scratch with zeros around
   them, and a row of zeros; six results of a row are computed together. Border of at most one pixel. */
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
  int32_t row; /* floats of a row in scratch: what the last six results read */
  float low, high;
} tml_depthwise_3x3_f32_dsp_params;

/* Adds a row's part to six sums: a tap of results 0 to 5 at the registers given. */
#define TML_DW_TAP_(w, x0, x1, x2, x3, x4, x5) \
  " vfma.f32 %[s0],s" #x0 ",%[" #w "]\n vfma.f32 %[s1],s" #x1 ",%[" #w "]\n vfma.f32 %[s2],s" #x2 ",%[" #w "]\n" \
  " vfma.f32 %[s3],s" #x3 ",%[" #w "]\n vfma.f32 %[s4],s" #x4 ",%[" #w "]\n vfma.f32 %[s5],s" #x5 ",%[" #w "]\n"
#define TML_DW_OPERANDS_(x, floats, wa, wb, wc) \
  : [s0] "+t"(s0), [s1] "+t"(s1), [s2] "+t"(s2), [s3] "+t"(s3), [s4] "+t"(s4), [s5] "+t"(s5) \
  : [taps] "r"(x), [a] "t"(wa), [b] "t"(wb), [c] "t"(wc), "m"(*(const float (*)[floats])(x))
#define TML_DW_SIX_F32_(x, n, wa, wb, wc) \
  if (n == 1) \
    __asm__("vldmia %[taps],{s16-s23}\n" TML_DW_TAP_(a, 16, 17, 18, 19, 20, 21) TML_DW_TAP_(b, 17, 18, 19, 20, 21, 22) TML_DW_TAP_(c, 18, 19, 20, 21, 22, 23) \
            TML_DW_OPERANDS_(x, 8, wa, wb, wc) : "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23"); \
  else \
    __asm__("vldmia %[taps],{s16-s28}\n" TML_DW_TAP_(a, 16, 18, 20, 22, 24, 26) TML_DW_TAP_(b, 17, 19, 21, 23, 25, 27) TML_DW_TAP_(c, 18, 20, 22, 24, 26, 28) \
            TML_DW_OPERANDS_(x, 13, wa, wb, wc) : "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28");

/* Negative numbers become 0: their sign, spread over all bits, clears them. */
TML_INLINE float tml_dw_result_f32(const tml_depthwise_3x3_f32_dsp_params *p, float x, int is_relu) {
  union { float f; int32_t i; } u = {x};
  if (!is_relu) return tml_clamp_f32(x, p->low, p->high);
  __asm__("bic %0,%0,%0,asr #31" : "+r"(u.i));
  return u.f;
}

TML_INLINE void tml_dw_gather_f32(const float *from, int32_t step, float *to, int32_t count) {
  for (int32_t i = count >> 2; i > 0; i--) {
    __asm__ volatile("ldr r4,[%[from]]\n ldr r5,[%[from],%[step]]\n add %[from],%[from],%[step],lsl #1\n ldr r6,[%[from]]\n ldr r8,[%[from],%[step]]\n"
                     " add %[from],%[from],%[step],lsl #1\n stmia %[to]!,{r4,r5,r6,r8}\n" : [from] "+r"(from), [to] "+r"(to), "=m"(*(float (*)[4])to) : [step] "r"(4 * step), "m"(*(const float (*)[])from) : "r4", "r5", "r6", "r8");
  }
  for (int32_t i = count & 3; i > 0; i--, from += step) *to++ = *from;
}

/* Nine weights along rows, and the bias. */
typedef struct {
  float w0, w1, w2, w3, w4, w5, w6, w7, w8, bias;
} tml_dw_channel_f32;

/* A row of results from three rows in scratch. */
TML_INLINE void tml_dw_row_f32(const tml_depthwise_3x3_f32_dsp_params *p, const float *x, const float *y, const float *z, const tml_dw_channel_f32 w, float *to, int32_t n, int is_relu) {
  const int32_t step = p->out_step;
  int32_t left = p->out_along;
  for (; left > 1; left -= 6, x += 6 * n, y += 6 * n, z += 6 * n, to += step) {
    float s0 = w.bias, s1 = w.bias, s2 = w.bias, s3 = w.bias, s4 = w.bias, s5 = w.bias;
    TML_DW_SIX_F32_(x, n, w.w0, w.w1, w.w2)
    TML_DW_SIX_F32_(y, n, w.w3, w.w4, w.w5)
    TML_DW_SIX_F32_(z, n, w.w6, w.w7, w.w8)
    *to = tml_dw_result_f32(p, s0, is_relu);
    *(to += step) = tml_dw_result_f32(p, s1, is_relu);
    if (left < 6) {
      if (left > 2) *(to += step) = tml_dw_result_f32(p, s2, is_relu);
      if (left > 3) *(to += step) = tml_dw_result_f32(p, s3, is_relu);
      if (left > 4) *(to += step) = tml_dw_result_f32(p, s4, is_relu);
      return;
    }
    *(to += step) = tml_dw_result_f32(p, s2, is_relu);
    *(to += step) = tml_dw_result_f32(p, s3, is_relu);
    *(to += step) = tml_dw_result_f32(p, s4, is_relu);
    *(to += step) = tml_dw_result_f32(p, s5, is_relu);
  }
  if (left == 1) {
    float sum = w.bias;
    sum = __builtin_fmaf(x[0], w.w0, sum), sum = __builtin_fmaf(x[1], w.w1, sum), sum = __builtin_fmaf(x[2], w.w2, sum);
    sum = __builtin_fmaf(y[0], w.w3, sum), sum = __builtin_fmaf(y[1], w.w4, sum), sum = __builtin_fmaf(y[2], w.w5, sum);
    sum = __builtin_fmaf(z[0], w.w6, sum), sum = __builtin_fmaf(z[1], w.w7, sum), sum = __builtin_fmaf(z[2], w.w8, sum);
    *to = tml_dw_result_f32(p, sum, is_relu);
  }
}

TML_INLINE void tml_depthwise_rows_f32(const tml_depthwise_3x3_f32_dsp_params *p, const float *in, const tml_dw_channel_f32 *weights, float *rows, float *out, int32_t stride, int is_relu) {
  /* Three rows of the image, whose borders stay 0, and one that does so throughout: it stands for rows outside. */
  float *const last = rows + 2 * p->row, *const zeros = rows + 3 * p->row;
  for (int32_t i = 0; i < 4 * p->row; i++) rows[i] = 0.0f;
  for (int32_t c = 0; c < p->channels; c++, in++, out++) {
    const tml_dw_channel_f32 w = *weights++;
    float *a = zeros, *b = zeros, *d = zeros, *free = rows;
    int32_t next = -p->pad_across;
    for (int32_t r = 0; r < p->out_across; r++) {
      for (; next < r * stride - p->pad_across + 3; next++) {
        a = b;
        b = d;
        d = zeros;
        if ((uint32_t)next >= (uint32_t)p->across) continue;
        d = free;
        free = free == last ? rows : free + p->row;
        tml_dw_gather_f32(in + next * p->in_pitch, p->in_step, d + p->pad_along, p->along);
      }
      tml_dw_row_f32(p, a, b, d, w, out + r * p->out_pitch, stride, is_relu);
    }
  }
}

#define TML_DEPTHWISE_3X3_F32_DSP(name, stride, is_relu) \
  TML_NOINLINE void name(const tml_depthwise_3x3_f32_dsp_params *p, const float *in, const float *weights, uint8_t *scratch, float *out) { \
    tml_depthwise_rows_f32(p, in, (const tml_dw_channel_f32 *)(const void *)weights, (float *)(void *)scratch, out, stride, is_relu); \
  }

#endif
