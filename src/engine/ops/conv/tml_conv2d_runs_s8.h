/* int8 convolution in portable C for cores with room for it, NHWC, one group, no dilation: two output channels at a time over
   runs of a window's row, which lie one after another in the image and in the weights [out][kernel_h][kernel_w][in].

   The input's zero point is folded into the bias; where the window reaches out of the image, taps read the zero point. */
#ifndef TML_CONV2D_RUNS_S8_H
#define TML_CONV2D_RUNS_S8_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  int32_t in_zero_point, out_zero_point, low, high;
  int32_t per_channel, roundings; /* fixed point only */
} tml_conv2d_runs_s8_params;

typedef struct {
  int32_t first, second;
} tml_two_sums;

/* Counting up to 0 takes no comparison. */
TML_INLINE void tml_two_products(const int8_t *x, const int8_t *first, const int8_t *second, int32_t count, tml_two_sums *sums) {
  int32_t a = sums->first, b = sums->second;
  x += count;
  first += count;
  second += count;
  for (int32_t i = -count; i; i++) {
    const int32_t value = x[i];
    a += value * first[i];
    b += value * second[i];
  }
  sums->first = a;
  sums->second = b;
}

TML_INLINE void tml_two_borders(int32_t x, const int8_t *first, const int8_t *second, int32_t count, tml_two_sums *sums) {
  for (int32_t i = 0; i < count; i++) {
    sums->first += x * first[i];
    sums->second += x * second[i];
  }
}

/* Code of a channel's sum. `constants` are those of the rounding rule: multipliers and shifts, or scales. */
TML_INLINE int8_t tml_runs_code(const tml_conv2d_runs_s8_params *p, int32_t sum, int32_t channel, const int32_t *mantissa, const int8_t *shift, const float *scale) {
  if (scale) return tml_requantize_s8(sum, scale[channel], p->out_zero_point, p->low, p->high);
  const int32_t m = p->per_channel ? channel : 0;
  return (int8_t)tml_clamp_s32(tml_scale_q31(sum, mantissa[m], shift[m], p->roundings) + p->out_zero_point, p->low, p->high);
}

TML_INLINE void tml_conv2d_runs(const tml_conv2d_runs_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa,
                                const int8_t *shift, const float *scale, int8_t *out) {
  const int32_t row = p->in_w * p->in_c, window = p->kernel_w * p->in_c, filter = p->kernel_h * window, zero = p->in_zero_point;
  for (int32_t b = 0; b < p->batch; b++, in += p->in_h * row) {
    for (int32_t oy = 0, y = -p->pad_top; oy < p->out_h; oy++, y += p->stride_h) {
      for (int32_t ox = 0, x = -p->pad_left; ox < p->out_w; ox++, x += p->stride_w) {
        const int32_t left = tml_min(tml_max(-x, 0), p->kernel_w) * p->in_c, right = window - tml_min(tml_max(x + p->kernel_w - p->in_w, 0), p->kernel_w) * p->in_c;
        const int8_t *const corner = in + (y * p->in_w + x) * p->in_c;
        for (int32_t oc = 0; oc < p->out_c; oc += 2) {
          const int32_t other = oc + 1 < p->out_c ? oc + 1 : oc;
          const int8_t *first = weights + oc * filter, *second = weights + other * filter;
          tml_two_sums sums = {bias[oc], bias[other]};
          for (int32_t ky = 0; ky < p->kernel_h; ky++, first += window, second += window) {
            if ((uint32_t)(y + ky) >= (uint32_t)p->in_h || left >= right) {
              tml_two_borders(zero, first, second, window, &sums);
            } else {
              tml_two_products(corner + ky * row + left, first + left, second + left, right - left, &sums);
              tml_two_borders(zero, first, second, left, &sums);
              tml_two_borders(zero, first + right, second + right, window - right, &sums);
            }
          }
          out[oc] = tml_runs_code(p, sums.first, oc, mantissa, shift, scale);
          if (other != oc) out[other] = tml_runs_code(p, sums.second, other, mantissa, shift, scale);
        }
        out += p->out_c;
      }
    }
  }
}

/* bias: int32 at scale in * weight, less zero point times weights; mantissa, shift: in * weight / out. */
#define TML_CONV2D_RUNS_Q31_S8(name) \
  TML_NOINLINE void name(const tml_conv2d_runs_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa, const int8_t *shift, int8_t *out) { \
    tml_conv2d_runs(p, in, weights, bias, mantissa, shift, 0, out); \
  }

/* scale: in * weight / out of each channel. */
#define TML_CONV2D_RUNS_S8(name) \
  TML_NOINLINE void name(const tml_conv2d_runs_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const float *scale, int8_t *out) { \
    tml_conv2d_runs(p, in, weights, bias, 0, 0, scale, out); \
  }

#endif
