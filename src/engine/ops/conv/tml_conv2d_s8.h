/* int8 convolution, NHWC, groups, any stride, padding and dilation; weights [out][kernel_h][kernel_w][in/group]. */
#ifndef TML_CONV2D_S8_H
#define TML_CONV2D_S8_H

#include "tml_base.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c, group;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  int32_t in_zero_point, out_zero_point, low, high;
} tml_conv2d_s8_params;

/* bias: int32 at scale in * weight; scale: in * weight / out, per output channel. */
TML_KERNEL void tml_conv2d_s8(const tml_conv2d_s8_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias,
                              const float *scale, int8_t *out) {
  const int32_t per_group = p->in_c / p->group, out_per_group = p->out_c / p->group;
  for (int32_t b = 0; b < p->batch; b++) {
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      for (int32_t ox = 0; ox < p->out_w; ox++) {
        const int32_t y0 = oy * p->stride_h - p->pad_top, x0 = ox * p->stride_w - p->pad_left;
        for (int32_t oc = 0; oc < p->out_c; oc++) {
          const int8_t *w = weights + oc * p->kernel_h * p->kernel_w * per_group;
          const int8_t *image = in + oc / out_per_group * per_group;
          int32_t acc = TML_S32(bias + oc);
          for (int32_t ky = 0; ky < p->kernel_h; ky++) {
            const int32_t y = y0 + ky * p->dilation_h;
            for (int32_t kx = 0; kx < p->kernel_w; kx++, w += per_group) {
              const int32_t x = x0 + kx * p->dilation_w;
              if (y < 0 || y >= p->in_h || x < 0 || x >= p->in_w) continue;
              const int8_t *pixel = image + (y * p->in_w + x) * p->in_c;
              for (int32_t c = 0; c < per_group; c++) acc += (pixel[c] - p->in_zero_point) * TML_S8(w + c);
            }
          }
          *out++ = tml_requantize_s8(acc, TML_F32(scale + oc), p->out_zero_point, p->low, p->high);
        }
      }
    }
    in += p->in_h * p->in_w * p->in_c;
  }
}

#endif
