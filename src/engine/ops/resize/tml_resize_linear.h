/* Bilinear interpolation, NHWC: each position of the result lies between two rows and two columns of the image. */
#ifndef TML_RESIZE_LINEAR_H
#define TML_RESIZE_LINEAR_H

#include "tml_base.h"

typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w, roundings;
} tml_resize_linear_params;

/* places: the two neighbours of each row of the result, then of each column; weights: what they count. */
#define TML_RESIZE_LINEAR(name, T, FINISH) \
  TML_KERNEL void name(const tml_resize_linear_params *p, const T *in, const int16_t *places, const float *weights, T *out) { \
    for (int32_t n = 0; n < p->batch; n++, in += p->in_h * p->in_w * p->channels) \
      for (int32_t y = 0; y < p->out_h; y++) { \
        const T *upper = in + TML_S16(places + 2 * y) * p->in_w * p->channels, *lower = in + TML_S16(places + 2 * y + 1) * p->in_w * p->channels; \
        const float top = TML_F32(weights + 2 * y), bottom = TML_F32(weights + 2 * y + 1); \
        for (int32_t x = 0; x < p->out_w; x++) { \
          const int32_t column = 2 * (p->out_h + x), left = TML_S16(places + column) * p->channels, right = TML_S16(places + column + 1) * p->channels; \
          const float near = TML_F32(weights + column), far = TML_F32(weights + column + 1); \
          for (int32_t c = 0; c < p->channels; c++) { \
            const float a = tml_between((float)upper[left + c], top, (float)lower[left + c], bottom); \
            const float b = tml_between((float)upper[right + c], top, (float)lower[right + c], bottom); \
            *out++ = (T)FINISH(tml_between(a, near, b, far)); \
          } \
        } \
      } \
  }

/* Both products are rounded: codes must not depend on whether the machine fuses them. */
TML_INLINE float tml_between(float a, float weight_a, float b, float weight_b) {
  return tml_rounded(tml_rounded(a * weight_a) + tml_rounded(b * weight_b));
}
#define TML_AS_IS(x) (x)
/* Halves go up. */
TML_INLINE int32_t tml_nearest_up(float x) {
  const float whole = floorf(x);
  return (int32_t)whole + (x - whole >= 0.5f);
}
#define TML_NEAREST_UP(x) tml_nearest_up(x)

/* The same on codes with 10 fraction bits for each axis, as TFLite computes it. fractions: distance from the first neighbour. */
#define TML_RESIZE_FIXED(name, T, SUM) \
  TML_KERNEL void name(const tml_resize_linear_params *p, const T *in, const int16_t *places, const int32_t *fractions, T *out) { \
    for (int32_t n = 0; n < p->batch; n++, in += p->in_h * p->in_w * p->channels) \
      for (int32_t y = 0; y < p->out_h; y++) { \
        const T *upper = in + TML_S16(places + 2 * y) * p->in_w * p->channels, *lower = in + TML_S16(places + 2 * y + 1) * p->in_w * p->channels; \
        const SUM fy = TML_S32(fractions + y); \
        for (int32_t x = 0; x < p->out_w; x++) { \
          const int32_t column = 2 * (p->out_h + x), left = TML_S16(places + column) * p->channels, right = TML_S16(places + column + 1) * p->channels; \
          const SUM fx = TML_S32(fractions + p->out_h + x); \
          for (int32_t c = 0; c < p->channels; c++) { \
            const SUM sum = upper[left + c] * ((1024 - fy) * (1024 - fx)) + lower[left + c] * (fy * (1024 - fx)) + \
                            upper[right + c] * ((1024 - fy) * fx) + lower[right + c] * (fy * fx); \
            *out++ = (T)(p->roundings == 1 ? (sum + ((int32_t)1 << 19)) >> 20 : (sum + (sum > 0 ? (int32_t)1 << 19 : -((int32_t)1 << 19))) / ((int32_t)1 << 20)); \
          } \
        } \
      } \
  }

#endif
