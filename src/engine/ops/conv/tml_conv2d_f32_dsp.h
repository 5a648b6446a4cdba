/* float32 convolution of NHWC images on cores with an FPU: the windows of four pixels, one row after another, are interleaved in scratch,
   then multiplied. One group, no dilation. */
#ifndef TML_CONV2D_F32_DSP_H
#define TML_CONV2D_F32_DSP_H

#include "tml_four_pixels_f32.h"

typedef struct {
  int32_t in_h, in_w, in_c, out_h, out_w, out_c;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  int32_t values, stream_floats; /* of a window, in fours; of the stream */
  float low, high;               /* clamps that the function does not know */
  tml_four_pixels_function multiply;
} tml_conv2d_f32_dsp_params;

/* `count` floats to every fourth place; returns where the next one goes. */
TML_INLINE float *tml_interleave_f32(const float *from, float *to, int32_t count) {
#define TML_FOUR_ "ldmia %[from]!,{r4,r5,r6,r8}\n str r5,[%[to],#16]\n str r6,[%[to],#32]\n str r8,[%[to],#48]\n str r4,[%[to]],#64\n"
  for (int32_t i = count >> 3; i > 0; i--) __asm__ volatile(TML_FOUR_ TML_FOUR_ : [from] "+r"(from), [to] "+r"(to) : : "r4", "r5", "r6", "r8", "memory");
  if (count & 4) __asm__ volatile(TML_FOUR_ : [from] "+r"(from), [to] "+r"(to) : : "r4", "r5", "r6", "r8", "memory");
  for (int32_t i = count & 3; i > 0; i--, to += 4) *to = *from++;
  return to;
#undef TML_FOUR_
}
TML_INLINE float *tml_zeros_f32(float *to, int32_t count) {
  for (; count > 0; count--, to += 4) *to = 0.0f;
  return to;
}

/* The window at (y, x) of the image, zeros where it lies outside, into every fourth float. */
TML_INLINE void tml_window_f32(const tml_conv2d_f32_dsp_params *p, const float *in, int32_t y, int32_t x, float *to) {
  if (p->kernel_h * p->kernel_w == 1 && (uint32_t)y < (uint32_t)p->in_h && (uint32_t)x < (uint32_t)p->in_w) {
    tml_interleave_f32(in + (y * p->in_w + x) * p->in_c, to, p->in_c);
    return;
  }
  const int32_t left = tml_min(tml_max(-x, 0), p->kernel_w), right = tml_min(tml_max(x + p->kernel_w - p->in_w, 0), p->kernel_w - left);
  const int32_t row = p->in_w * p->in_c, inside = (p->kernel_w - left - right) * p->in_c;
  const float *from = in + (y * p->in_w + x + left) * p->in_c;
  for (int32_t ky = 0; ky < p->kernel_h; ky++, from += row) {
    if ((uint32_t)(y + ky) >= (uint32_t)p->in_h) to = tml_zeros_f32(to, p->kernel_w * p->in_c);
    else to = tml_zeros_f32(tml_interleave_f32(from, tml_zeros_f32(to, left * p->in_c), inside), right * p->in_c);
  }
}

TML_INLINE void tml_clamp_row_f32(float *x, int32_t count, float low, float high) {
  for (int32_t i = 0; i < count; i++) x[i] = tml_clamp_f32(x[i], low, high);
}

/* scratch: four windows, then four pixels of results where channels do not come in fours. */
TML_NOINLINE void tml_conv2d_f32_dsp(const tml_conv2d_f32_dsp_params *p, const float *in, const float *stream, uint8_t *scratch, float *out) {
  float *const pixels = (float *)(void *)scratch, *const spare = pixels + 4 * p->values;
  const int32_t out_c = p->out_c, padded = (out_c + 3) & ~3;
  tml_four_pixels_f32 layer = {{0, 0, 0, 0}, pixels, spare, stream + p->stream_floats, stream};
  for (int32_t i = 4 * p->kernel_h * p->kernel_w * p->in_c; i < 4 * p->values; i++) pixels[i] = 0.0f;
  int32_t x = -p->pad_left, y = -p->pad_top, row = p->out_w;
  for (int32_t left = p->out_h * p->out_w; left > 0; left -= 4) {
    const int32_t count = tml_min(4, left);
    for (int32_t i = 0; i < 4; i++) {
      /* At the end the last pixel stands in for those that are missing. */
      const int32_t pixel = tml_min(i, count - 1);
      layer.out[i] = padded == out_c ? out + pixel * out_c : spare + pixel * padded;
      tml_window_f32(p, in, y, x, pixels + i);
      if (i >= count - 1) continue;
      x += p->stride_w;
      if (--row == 0) x = -p->pad_left, y += p->stride_h, row = p->out_w;
    }
    p->multiply(&layer);
    if (padded != out_c) for (int32_t i = 0; i < count; i++) for (int32_t c = 0; c < out_c; c++) out[i * out_c + c] = spare[i * padded + c];
    if (p->low > -INFINITY || p->high < INFINITY) tml_clamp_row_f32(out, count * out_c, p->low, p->high);
    out += count * out_c;
    x += p->stride_w;
    if (--row == 0) x = -p->pad_left, y += p->stride_h, row = p->out_w;
  }
}

#endif
