/* int8 maximum under a window, NHWC. Padding is never the maximum. */
#ifndef TML_MAX_POOL_S8_H
#define TML_MAX_POOL_S8_H

#include "tml_base.h"

#ifndef TML_MAX_POOL_PARAMS
#define TML_MAX_POOL_PARAMS
typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
} tml_max_pool_params;
#endif

TML_KERNEL void tml_max_pool_s8(const tml_max_pool_params *p, const int8_t *in, int8_t *out) {
  for (int32_t b = 0; b < p->batch; b++, in += p->in_h * p->in_w * p->channels) {
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      const int32_t y0 = oy * p->stride_h - p->pad_top;
      for (int32_t ox = 0; ox < p->out_w; ox++) {
        const int32_t x0 = ox * p->stride_w - p->pad_left;
        for (int32_t c = 0; c < p->channels; c++) {
          int8_t best = INT8_MIN;
          for (int32_t y = tml_max(y0, 0); y < tml_min(y0 + p->kernel_h, p->in_h); y++) {
            for (int32_t x = tml_max(x0, 0); x < tml_min(x0 + p->kernel_w, p->in_w); x++) {
              const int8_t value = in[(y * p->in_w + x) * p->channels + c];
              if (value > best) best = value;
            }
          }
          *out++ = best;
        }
      }
    }
  }
}

#endif
