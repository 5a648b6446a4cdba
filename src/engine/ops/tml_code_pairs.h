/* Functions of two codes: in TFLite's fixed point, and by way of real numbers as onnxruntime computes them. */
#ifndef TML_CODE_PAIRS_H
#define TML_CODE_PAIRS_H

#include "tml_pairs.h"
#include "tml_requantize_q31.h"

typedef struct {
  TML_PAIRS_AXES;
  int32_t a_zero_point, b_zero_point, out_zero_point, low, high;
  int32_t mantissa, shift, roundings;                             /* to the output's scale */
  int32_t a_mantissa, a_shift, b_mantissa, b_shift, unit, b_sign; /* sums: to a common scale, with fraction bits to spare */
  float a_scale, b_scale, out_scale, real_low, real_high;
} tml_code_pairs_params;

#define TML_FIXED_(p, sum, m, s) tml_clamp_s32(tml_scale_q31(sum, (p)->m, (p)->s, (p)->roundings) + (p)->out_zero_point, (p)->low, (p)->high)

TML_INLINE int32_t TML_FIXED_SUM(const tml_code_pairs_params *p, int32_t x, int32_t y) {
  const int32_t a = tml_scale_q31((x - p->a_zero_point) * p->unit, p->a_mantissa, p->a_shift, p->roundings);
  const int32_t b = tml_scale_q31((y - p->b_zero_point) * p->unit, p->b_mantissa, p->b_shift, p->roundings);
  return TML_FIXED_(p, a + p->b_sign * b, mantissa, shift);
}

TML_INLINE int32_t TML_FIXED_PRODUCT(const tml_code_pairs_params *p, int32_t x, int32_t y) {
  return TML_FIXED_(p, (x - p->a_zero_point) * (y - p->b_zero_point), mantissa, shift);
}

TML_INLINE int32_t TML_FIXED_PRELU(const tml_code_pairs_params *p, int32_t x, int32_t y) {
  x -= p->a_zero_point;
  return x >= 0 ? TML_FIXED_(p, x, a_mantissa, a_shift) : TML_FIXED_(p, x * (y - p->b_zero_point), mantissa, shift);
}

/* Each step is rounded to a float. */
#define TML_REAL_A_(p, x) tml_rounded((float)((x) - (p)->a_zero_point) * (p)->a_scale)
#define TML_REAL_B_(p, y) tml_rounded((float)((y) - (p)->b_zero_point) * (p)->b_scale)
TML_INLINE int32_t tml_real_code(const tml_code_pairs_params *p, float x) {
  return tml_code_of(tml_clamp_f32(x, p->real_low, p->real_high) / p->out_scale, p->out_zero_point, p->low, p->high);
}
/* Scales relative to the output's. */
#define TML_REAL_SUM(p, x, y) tml_code_of(TML_REAL_A_(p, x) + TML_REAL_B_(p, y), (p)->out_zero_point, (p)->low, (p)->high)
#define TML_REAL_DIFFERENCE(p, x, y) tml_real_code(p, TML_REAL_A_(p, x) - TML_REAL_B_(p, y))
#define TML_REAL_PRODUCT(p, x, y) tml_real_code(p, TML_REAL_A_(p, x) * TML_REAL_B_(p, y))
#define TML_REAL_PRELU(p, x, y) tml_real_code(p, (x) >= (p)->a_zero_point ? TML_REAL_A_(p, x) : TML_REAL_A_(p, x) * TML_REAL_B_(p, y))

#endif
