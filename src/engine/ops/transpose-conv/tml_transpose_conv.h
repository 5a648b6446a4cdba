/* Transposed convolution on numbers and codes of any type, NHWC, groups, any stride, padding and dilation; weights
   [out][kernel_h][kernel_w][in/group], stored in any form. Each result gathers what the inputs would scatter. */
#ifndef TML_TRANSPOSE_CONV_H
#define TML_TRANSPOSE_CONV_H

#include "tml_weighted.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c, group;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  TML_RULE_MEMBERS;
} tml_transpose_conv_params;

#define TML_TRANSPOSE_CONV(name, IN, ACC, W, OUT, RULE) \
  TML_KERNEL void name(const tml_transpose_conv_params *p, const IN *in, const TML_WEIGHT_TYPE_##W *weights TML_ARGS_##RULE, OUT *out) { \
    const int32_t per_group = p->in_c / p->group, out_per_group = p->out_c / p->group; \
    for (int32_t row = 0; row < p->batch; row++, in += p->in_h * p->in_w * p->in_c) \
      for (int32_t oy = 0; oy < p->out_h; oy++) \
        for (int32_t ox = 0; ox < p->out_w; ox++) \
          for (int32_t oc = 0; oc < p->out_c; oc++) { \
            ACC acc = TML_START_##RULE(oc); \
            for (int32_t ky = 0; ky < p->kernel_h; ky++) { \
              const int32_t y = oy + p->pad_top - ky * p->dilation_h; \
              if (y < 0 || y % p->stride_h || y / p->stride_h >= p->in_h) continue; \
              for (int32_t kx = 0; kx < p->kernel_w; kx++) { \
                const int32_t x = ox + p->pad_left - kx * p->dilation_w; \
                if (x < 0 || x % p->stride_w || x / p->stride_w >= p->in_w) continue; \
                const IN *pixel = in + (y / p->stride_h * p->in_w + x / p->stride_w) * p->in_c + oc / out_per_group * per_group; \
                const int32_t w = ((oc * p->kernel_h + ky) * p->kernel_w + kx) * per_group; \
                for (int32_t c = 0; c < per_group; c++) \
                  acc += (ACC)(pixel[c] - TML_OFFSET_##RULE(p)) * (ACC)(TML_WEIGHT_##W(weights, w + c) - p->weight_zero_point) TML_FACTOR_##RULE(p, oc, c); \
              } \
            } \
            *out++ = (OUT)TML_FINISH_##RULE(p, acc, oc); \
          } \
  }

#endif
