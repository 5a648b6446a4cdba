/* Convolution on numbers and codes of any type, NHWC, groups, any stride, padding and dilation; weights
   [out][kernel_h][kernel_w][in/group], stored in any form. */
#ifndef TML_CONV2D_ANY_H
#define TML_CONV2D_ANY_H

#include "tml_weighted.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c, group;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, asymmetric;
  TML_RULE_MEMBERS;
} tml_conv2d_any_params;

#define TML_CONV2D_ANY(name, IN, ACC, W, OUT, RULE) \
  TML_KERNEL void name(const tml_conv2d_any_params *p, const IN *in, const TML_WEIGHT_TYPE_##W *weights TML_ARGS_##RULE, OUT *out) { \
    const int32_t per_group = p->in_c / p->group, out_per_group = p->out_c / p->group; \
    for (int32_t row = 0; row < p->batch; row++, in += p->in_h * p->in_w * p->in_c) \
      for (int32_t oy = 0; oy < p->out_h; oy++) \
        for (int32_t ox = 0; ox < p->out_w; ox++) \
          for (int32_t oc = 0; oc < p->out_c; oc++) { \
            int32_t w = oc * p->kernel_h * p->kernel_w * per_group; \
            ACC acc = TML_START_##RULE(oc); \
            for (int32_t ky = 0; ky < p->kernel_h; ky++) { \
              const int32_t y = oy * p->stride_h - p->pad_top + ky * p->dilation_h; \
              for (int32_t kx = 0; kx < p->kernel_w; kx++, w += per_group) { \
                const int32_t x = ox * p->stride_w - p->pad_left + kx * p->dilation_w; \
                if (y < 0 || y >= p->in_h || x < 0 || x >= p->in_w) continue; \
                const IN *pixel = in + (y * p->in_w + x) * p->in_c + oc / out_per_group * per_group; \
                for (int32_t c = 0; c < per_group; c++) \
                  acc += (ACC)(pixel[c] - TML_OFFSET_##RULE(p)) * (ACC)(TML_WEIGHT_##W(weights, w + c) - p->weight_zero_point) TML_FACTOR_##RULE(p, oc, c); \
              } \
            } \
            *out++ = (OUT)TML_FINISH_##RULE(p, acc, oc); \
          } \
  }

#endif
