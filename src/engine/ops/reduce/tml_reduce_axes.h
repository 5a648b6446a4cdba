/* One number from all elements along any axes. */
#ifndef TML_REDUCE_AXES_H
#define TML_REDUCE_AXES_H

#include "tml_requantize_q31.h"

typedef struct {
  int32_t kept_0, kept_1, kept_2, kept_step_0, kept_step_1, kept_step_2; /* extents that stay, and elements from one to the next */
  int32_t gone_0, gone_1, gone_2, gone_step_0, gone_step_1, gone_step_2; /* the same of those that are taken together */
  float factor;                                                         /* what a mean of real numbers is multiplied with */
  int32_t count;                                                        /* summands */
  int32_t in_zero_point, out_zero_point, low, high, mantissa, shift, roundings;
  float scale, out_scale;
} tml_reduce_axes_params;

#define TML_REDUCE(name, IN, ACC, OUT, START, STEP, FINISH) \
  TML_KERNEL void name(const tml_reduce_axes_params *p, const IN *in, OUT *out) { \
    for (int32_t i = 0; i < p->kept_0; i++) \
      for (int32_t j = 0; j < p->kept_1; j++) \
        for (int32_t k = 0; k < p->kept_2; k++) { \
          const IN *from = in + i * p->kept_step_0 + j * p->kept_step_1 + k * p->kept_step_2; \
          ACC acc = START; \
          for (int32_t a = 0; a < p->gone_0; a++) \
            for (int32_t b = 0; b < p->gone_1; b++) \
              for (int32_t c = 0; c < p->gone_2; c++) { \
                const IN x = from[a * p->gone_step_0 + b * p->gone_step_1 + c * p->gone_step_2]; \
                acc = (ACC)STEP(acc, x); \
              } \
          *out++ = (OUT)FINISH(p, acc); \
        } \
  }

#define TML_STEP_SUM(acc, x) ((acc) + (x))
#define TML_STEP_PRODUCT(acc, x) ((acc) * (x))
#define TML_STEP_MAX(acc, x) ((x) > (acc) ? (x) : (acc))
#define TML_STEP_MIN(acc, x) ((x) < (acc) ? (x) : (acc))
#define TML_STEP_SIZES(acc, x) ((acc) + ((x) < 0 ? -(x) : (x)))
#define TML_STEP_SQUARES(acc, x) ((acc) + (x) * (x))
#define TML_STEP_ANY(acc, x) ((acc) || (x))
#define TML_STEP_ALL(acc, x) ((acc) && (x))

#define TML_FINISH_SAME(p, acc) (acc)
#define TML_FINISH_FACTOR(p, acc) ((acc) * (p)->factor)
#define TML_FINISH_ROOT(p, acc) sqrtf(acc)
#define TML_FINISH_LOG(p, acc) logf(acc)

/* A sum of codes on the output's scale; in fixed point a mean's count is part of the multiplier. */
#define TML_FINISH_FIXED(p, acc) \
  tml_clamp_s32(tml_scale_q31((int32_t)((acc) - (int64_t)(p)->in_zero_point * (p)->count), (p)->mantissa, (p)->shift, (p)->roundings) + (p)->out_zero_point, (p)->low, (p)->high)
#define TML_REAL_TOTAL_(p, acc) tml_rounded((float)((acc) - (int64_t)(p)->in_zero_point * (p)->count) * (p)->scale)
#define TML_FINISH_REAL_SUM(p, acc) tml_code_of(TML_REAL_TOTAL_(p, acc) / (p)->out_scale, (p)->out_zero_point, (p)->low, (p)->high)
#define TML_FINISH_REAL_MEAN(p, acc) \
  tml_code_of(tml_rounded(TML_REAL_TOTAL_(p, acc) / (float)(p)->count) / (p)->out_scale, (p)->out_zero_point, (p)->low, (p)->high)

#endif
