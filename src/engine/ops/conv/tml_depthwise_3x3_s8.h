/* int8 depthwise 3x3 in portable C for cores with room for it, NHWC, no dilation, weights [channel][9]. The input's zero point
   is folded into the bias; taps outside of the image read it. */
#ifndef TML_DEPTHWISE_3X3_S8_H
#define TML_DEPTHWISE_3X3_S8_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w, stride_h, stride_w, pad_top, pad_left;
  int32_t in_zero_point, out_zero_point, low, high;
  int32_t per_channel, roundings; /* fixed point only */
} tml_depthwise_3x3_s8_params;

/* Three taps of a row that lies inside of the image. */
TML_INLINE int32_t tml_three_taps(const int8_t *x, int32_t channels, const int8_t *w) {
  return x[0] * w[0] + x[channels] * w[1] + x[2 * channels] * w[2];
}

/* Nine taps of a pixel at the border, for all channels one after another: those outside of the image stay at the zero point. */
typedef struct {
  const int8_t *at[9];
  uint8_t step[9];
} tml_border_taps;

TML_INLINE void tml_find_border_taps(const tml_depthwise_3x3_s8_params *p, const int8_t *in, int32_t y, int32_t x, const int8_t *zero, tml_border_taps *taps) {
  for (int32_t k = 0; k < 9; k++, x++) {
    if (k == 3 || k == 6) y++, x -= 3;
    taps->step[k] = (uint32_t)y < (uint32_t)p->in_h && (uint32_t)x < (uint32_t)p->in_w;
    taps->at[k] = taps->step[k] ? in + (y * p->in_w + x) * p->channels : zero;
  }
}

TML_INLINE int32_t tml_next_border_sum(tml_border_taps *taps, const int8_t *w) {
  int32_t sum = 0;
  for (int32_t k = 0; k < 9; k++) {
    sum += *taps->at[k] * w[k];
    taps->at[k] += taps->step[k];
  }
  return sum;
}

TML_INLINE void tml_depthwise_taps(const tml_depthwise_3x3_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa,
                                  const int8_t *shift, const float *scale, int8_t *out) {
  const int32_t row = p->in_w * p->channels, channels = p->channels;
  const int8_t zero = (int8_t)p->in_zero_point;
  tml_border_taps taps;
  for (int32_t b = 0; b < p->batch; b++, in += p->in_h * row) {
    for (int32_t oy = 0, y = -p->pad_top; oy < p->out_h; oy++, y += p->stride_h) {
      for (int32_t ox = 0, x = -p->pad_left; ox < p->out_w; ox++, x += p->stride_w) {
        const int8_t *from = in + (y * p->in_w + x) * channels, *w = weights;
        const int is_inside = x >= 0 && x + 3 <= p->in_w && y >= 0 && y + 3 <= p->in_h;
        if (!is_inside) tml_find_border_taps(p, in, y, x, &zero, &taps);
        for (int32_t c = 0; c < channels; c++, from++, w += 9) {
          int32_t sum = bias[c];
          if (is_inside) sum += tml_three_taps(from, channels, w) + tml_three_taps(from + row, channels, w + 3) + tml_three_taps(from + 2 * row, channels, w + 6);
          else sum += tml_next_border_sum(&taps, w);
          if (scale) {
            *out++ = tml_requantize_s8(sum, scale[c], p->out_zero_point, p->low, p->high);
          } else {
            const int32_t m = p->per_channel ? c : 0;
            *out++ = (int8_t)tml_clamp_s32(tml_scale_q31(sum, mantissa[m], shift[m], p->roundings) + p->out_zero_point, p->low, p->high);
          }
        }
      }
    }
  }
}

/* bias: int32 at scale in * weight, less zero point times weights; mantissa, shift: in * weight / out. */
#define TML_DEPTHWISE_3X3_Q31_S8(name) \
  TML_NOINLINE void name(const tml_depthwise_3x3_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa, const int8_t *shift, int8_t *out) { \
    tml_depthwise_taps(p, in, weights, bias, mantissa, shift, 0, out); \
  }

/* scale: in * weight / out of each channel. */
#define TML_DEPTHWISE_3X3_S8(name) \
  TML_NOINLINE void name(const tml_depthwise_3x3_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const float *scale, int8_t *out) { \
    tml_depthwise_taps(p, in, weights, bias, 0, 0, scale, out); \
  }

#endif
