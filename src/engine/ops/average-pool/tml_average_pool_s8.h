/* int8 mean under a window, NHWC, rounded as onnxruntime does. */
#ifndef TML_AVERAGE_POOL_S8_H
#define TML_AVERAGE_POOL_S8_H

#include "tml_base.h"

typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  int32_t count_padding, in_zero_point, out_zero_point;
  float in_scale, out_scale;
  int32_t low, high;
} tml_average_pool_s8_params;

TML_KERNEL void tml_average_pool_s8(const tml_average_pool_s8_params *p, const int8_t *in, int8_t *out) {
  for (int32_t b = 0; b < p->batch; b++, in += p->in_h * p->in_w * p->channels) {
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      const int32_t y0 = tml_max(oy * p->stride_h - p->pad_top, 0), y1 = tml_min(oy * p->stride_h - p->pad_top + p->kernel_h, p->in_h);
      for (int32_t ox = 0; ox < p->out_w; ox++) {
        const int32_t x0 = tml_max(ox * p->stride_w - p->pad_left, 0), x1 = tml_min(ox * p->stride_w - p->pad_left + p->kernel_w, p->in_w);
        const int32_t count = p->count_padding ? p->kernel_h * p->kernel_w : (y1 - y0) * (x1 - x0);
        const float scale = p->in_scale / (p->out_scale * (float)count);
        for (int32_t c = 0; c < p->channels; c++) {
          int32_t sum = 0;
          for (int32_t y = y0; y < y1; y++)
            for (int32_t x = x0; x < x1; x++) sum += in[(y * p->in_w + x) * p->channels + c] - p->in_zero_point;
          *out++ = tml_requantize_s8(sum, scale, p->out_zero_point, p->low, p->high);
        }
      }
    }
  }
}

#endif
