/* int8 convolution with TFLite's fixed-point rounding, NHWC, groups, any stride, padding and dilation; weights
   [out][kernel_h][kernel_w][in/group]. */
#ifndef TML_CONV2D_Q31_S8_H
#define TML_CONV2D_Q31_S8_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c, group;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  int32_t in_zero_point, out_zero_point, low, high;
  int32_t per_channel, roundings; /* one multiplier for each output channel, or one for all; 1 or 2 roundings */
} tml_conv2d_q31_s8_params;

/* First tap of a window that starts at `from` and lies inside of the image, and the first one behind it. */
TML_INLINE int32_t tml_first_tap(int32_t from, int32_t dilation) {
  return from < 0 ? (-from + dilation - 1) / dilation : 0;
}
TML_INLINE int32_t tml_last_tap(int32_t from, int32_t dilation, int32_t taps, int32_t extent) {
  return tml_min(taps, (extent - from + dilation - 1) / dilation);
}

/* bias: int32 at scale in * weight; mantissa, shift: in * weight / out. */
TML_KERNEL void tml_conv2d_q31_s8(const tml_conv2d_q31_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias,
                                  const int32_t *mantissa, const int8_t *shift, int8_t *out) {
  const int32_t per_group = p->in_c / p->group, out_per_group = p->out_c / p->group;
  for (int32_t b = 0; b < p->batch; b++) {
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      const int32_t y0 = oy * p->stride_h - p->pad_top;
      const int32_t ky0 = tml_first_tap(y0, p->dilation_h), ky1 = tml_last_tap(y0, p->dilation_h, p->kernel_h, p->in_h);
      for (int32_t ox = 0; ox < p->out_w; ox++) {
        const int32_t x0 = ox * p->stride_w - p->pad_left;
        const int32_t kx0 = tml_first_tap(x0, p->dilation_w), kx1 = tml_last_tap(x0, p->dilation_w, p->kernel_w, p->in_w);
        for (int32_t oc = 0; oc < p->out_c; oc++) {
          const int8_t *filter = weights + oc * p->kernel_h * p->kernel_w * per_group;
          const int32_t channel = oc / out_per_group * per_group;
          int32_t acc = TML_S32(bias + oc);
          for (int32_t ky = ky0; ky < ky1; ky++) {
            for (int32_t kx = kx0; kx < kx1; kx++) {
              const int8_t *pixel = in + ((y0 + ky * p->dilation_h) * p->in_w + x0 + kx * p->dilation_w) * p->in_c + channel;
              const int8_t *w = filter + (ky * p->kernel_w + kx) * per_group;
              for (int32_t c = 0; c < per_group; c++) acc += (pixel[c] - p->in_zero_point) * TML_S8(w + c);
            }
          }
          const int32_t m = p->per_channel ? oc : 0;
          acc = tml_scale_q31(acc, TML_S32(mantissa + m), TML_S8(shift + m), p->roundings) + p->out_zero_point;
          *out++ = (int8_t)tml_clamp_s32(acc, p->low, p->high);
        }
      }
    }
    in += p->in_h * p->in_w * p->in_c;
  }
}

#endif
