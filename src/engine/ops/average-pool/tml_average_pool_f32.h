/* float mean under a window, NHWC. */
#ifndef TML_AVERAGE_POOL_F32_H
#define TML_AVERAGE_POOL_F32_H

#include "tml_base.h"

typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  int32_t count_padding;
  float low, high;
} tml_average_pool_f32_params;

TML_KERNEL void tml_average_pool_f32(const tml_average_pool_f32_params *p, const float *in, float *out) {
  for (int32_t b = 0; b < p->batch; b++, in += p->in_h * p->in_w * p->channels) {
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      const int32_t y0 = tml_max(oy * p->stride_h - p->pad_top, 0), y1 = tml_min(oy * p->stride_h - p->pad_top + p->kernel_h, p->in_h);
      for (int32_t ox = 0; ox < p->out_w; ox++) {
        const int32_t x0 = tml_max(ox * p->stride_w - p->pad_left, 0), x1 = tml_min(ox * p->stride_w - p->pad_left + p->kernel_w, p->in_w);
        const int32_t count = p->count_padding ? p->kernel_h * p->kernel_w : (y1 - y0) * (x1 - x0);
        for (int32_t c = 0; c < p->channels; c++) {
          float sum = 0;
          for (int32_t y = y0; y < y1; y++) {
            const float *from = in + (y * p->in_w + x0) * p->channels + c;
            int32_t left = x1 - x0;
            for (; left > 4; left -= 5, from += 5 * p->channels) {
              sum += from[0];
              sum += from[p->channels];
              sum += from[2 * p->channels];
              sum += from[3 * p->channels];
              sum += from[4 * p->channels];
            }
            for (; left > 0; left--, from += p->channels) sum += *from;
          }
          *out++ = tml_clamp_f32(sum / (float)count, p->low, p->high);
        }
      }
    }
  }
}

#endif
