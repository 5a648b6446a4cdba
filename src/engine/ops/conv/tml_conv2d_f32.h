/* float convolution, NHWC, groups, any stride, padding and dilation; weights [out][kernel_h][kernel_w][in/group]. */
#ifndef TML_CONV2D_F32_H
#define TML_CONV2D_F32_H

#include "tml_base.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c, group;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  float low, high;
} tml_conv2d_f32_params;

TML_KERNEL void tml_conv2d_f32(const tml_conv2d_f32_params *p, const float *in, const float *weights, const float *bias, float *out) {
  const int32_t per_group = p->in_c / p->group, out_per_group = p->out_c / p->group;
  for (int32_t b = 0; b < p->batch; b++) {
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      for (int32_t ox = 0; ox < p->out_w; ox++) {
        const int32_t y0 = oy * p->stride_h - p->pad_top, x0 = ox * p->stride_w - p->pad_left;
        for (int32_t oc = 0; oc < p->out_c; oc++) {
          const float *w = weights + oc * p->kernel_h * p->kernel_w * per_group;
          const float *image = in + oc / out_per_group * per_group;
          float acc = TML_F32(bias + oc);
          for (int32_t ky = 0; ky < p->kernel_h; ky++) {
            const int32_t y = y0 + ky * p->dilation_h;
            for (int32_t kx = 0; kx < p->kernel_w; kx++, w += per_group) {
              const int32_t x = x0 + kx * p->dilation_w;
              if (y < 0 || y >= p->in_h || x < 0 || x >= p->in_w) continue;
              const float *pixel = image + (y * p->in_w + x) * p->in_c;
              for (int32_t c = 0; c < per_group; c++) acc += pixel[c] * TML_F32(w + c);
            }
          }
          *out++ = tml_clamp_f32(acc, p->low, p->high);
        }
      }
    }
    in += p->in_h * p->in_w * p->in_c;
  }
}

#endif
