/* Maximum and mean under windows of any shape, with gaps, NHWC, on numbers and codes of any type. */
#ifndef TML_POOL_H
#define TML_POOL_H

#include "tml_base.h"

typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, pad_bottom, pad_right;
  int32_t count_padding, in_zero_point, out_zero_point, low, high;
  float in_scale, out_scale, real_low, real_high;
} tml_pool_params;

/* Taps of a window from `from` on that lie in [0, extent). */
TML_INLINE int32_t tml_taps(int32_t from, int32_t dilation, int32_t taps, int32_t extent) {
  const int32_t first = from < 0 ? (-from + dilation - 1) / dilation : 0, last = tml_min(taps, (extent - from + dilation - 1) / dilation);
  return last > first ? last - first : 0;
}

#define TML_POOL(name, T, ACC, START, STEP, FINISH) \
  TML_KERNEL void name(const tml_pool_params *p, const T *in, T *out) { \
    for (int32_t b = 0; b < p->batch; b++, in += p->in_h * p->in_w * p->channels) \
      for (int32_t oy = 0; oy < p->out_h; oy++) \
        for (int32_t ox = 0; ox < p->out_w; ox++) { \
          const int32_t y0 = oy * p->stride_h - p->pad_top, x0 = ox * p->stride_w - p->pad_left; \
          const int32_t taps = tml_taps(y0, p->dilation_h, p->kernel_h, p->in_h) * tml_taps(x0, p->dilation_w, p->kernel_w, p->in_w); \
          const int32_t count = p->count_padding ? tml_taps(y0 + p->pad_top, p->dilation_h, p->kernel_h, p->in_h + p->pad_top + p->pad_bottom) * \
                                                       tml_taps(x0 + p->pad_left, p->dilation_w, p->kernel_w, p->in_w + p->pad_left + p->pad_right) \
                                                 : taps; \
          for (int32_t c = 0; c < p->channels; c++) { \
            ACC acc = START; \
            for (int32_t ky = 0; ky < p->kernel_h; ky++) \
              for (int32_t kx = 0; kx < p->kernel_w; kx++) { \
                const int32_t y = y0 + ky * p->dilation_h, x = x0 + kx * p->dilation_w; \
                if (y >= 0 && y < p->in_h && x >= 0 && x < p->in_w) acc = STEP(acc, in[(y * p->in_w + x) * p->channels + c]); \
              } \
            (void)count; \
            *out++ = (T)FINISH(p, acc, taps, count); \
          } \
        } \
  }

#define TML_POOL_MAX(acc, x) ((x) > (acc) ? (x) : (acc))
#define TML_POOL_SUM(acc, x) ((acc) + (x))
#define TML_POOL_SAME(p, acc, taps, count) (acc)
#define TML_POOL_MEAN_F32(p, acc, taps, count) tml_clamp_f32((acc) / (float)(count), (p)->real_low, (p)->real_high)
/* TFLite: ties away from zero, the scale stays. */
#define TML_POOL_MEAN_CODE(p, acc, taps, count) tml_mean_in_range(p, (acc) + ((count) - (taps)) * (p)->in_zero_point, count)
TML_INLINE int32_t tml_mean_in_range(const tml_pool_params *p, int32_t sum, int32_t count) {
  return tml_min(p->high, tml_max(p->low, (sum + (sum > 0 ? count / 2 : -(count / 2))) / count));
}
/* onnxruntime: a float product, ties to even. */
#define TML_POOL_MEAN_REAL(p, acc, taps, count) \
  tml_code_of((float)((acc) - (taps) * (p)->in_zero_point) * ((p)->in_scale / ((p)->out_scale * (float)(count))), (p)->out_zero_point, (p)->low, (p)->high)

#endif
