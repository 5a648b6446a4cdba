/* Functions of one code: between codes and real numbers, between scales, and activations of 16 bits in TFLite's fixed point. */
#ifndef TML_CODE_MAP_H
#define TML_CODE_MAP_H

#include "tml_map.h"
#include "tml_requantize_q31.h"

typedef struct {
  int32_t elements, in_zero_point, out_zero_point, low, high;
  int32_t mantissa, shift, roundings;                /* to the output's scale */
  int32_t slope_mantissa, slope_shift, slope_sign;   /* the same for negative inputs */
  float scale, out_scale, a;
} tml_code_map_params;

#define TML_CLAMP_CODE(p, x) ((x) < (p)->low ? (p)->low : (x) > (p)->high ? (p)->high : (x))
#define TML_REAL_OF(p, x) ((float)((x) - (p)->in_zero_point) * (p)->scale)
/* Ties to even, or away from zero. What is no number becomes zero. */
#define TML_CODE_EVEN(p, x) ((x) == (x) ? tml_code_of((x) / (p)->out_scale, (p)->out_zero_point, (p)->low, (p)->high) : (p)->out_zero_point)
#define TML_CODE_AWAY(p, x) \
  ((x) == (x) ? tml_round_away(tml_clamp_f32((x) / (p)->out_scale, (float)((p)->low - (p)->out_zero_point), (float)((p)->high - (p)->out_zero_point))) + (p)->out_zero_point \
              : (p)->out_zero_point)
#define TML_RESCALE_REAL(p, x) tml_code_of(tml_rounded(TML_REAL_OF(p, x)) / (p)->out_scale, (p)->out_zero_point, (p)->low, (p)->high)
#define TML_RESCALE_FIXED(p, x) \
  tml_clamp_s32(tml_scale_q31((int32_t)(x) - (p)->in_zero_point, (p)->mantissa, (p)->shift, (p)->roundings) + (p)->out_zero_point, (p)->low, (p)->high)

TML_INLINE int32_t tml_leaky_code(const tml_code_map_params *p, int32_t x) {
  x -= p->in_zero_point;
  const int32_t y = x >= 0 ? tml_scale_q31(x, p->mantissa, p->shift, p->roundings) : p->slope_sign * tml_scale_q31(x, p->slope_mantissa, p->slope_shift, p->roundings);
  return tml_clamp_s32(y + p->out_zero_point, p->low, p->high);
}
#define TML_LEAKY_CODE(p, x) tml_leaky_code(p, x)

/* Real functions of codes by onnxruntime's rule: in double, as a float32 result decides between two codes. */
#define TML_DOUBLE_OF(p, x) ((double)((x) - (p)->in_zero_point) * (double)(p)->scale)
TML_INLINE int32_t tml_code_even(const tml_code_map_params *p, double x) {
  const float real = (float)x;
  return TML_CODE_EVEN(p, real);
}
TML_INLINE int32_t tml_hard_swish_code(const tml_code_map_params *p, double x) {
  const double gate = x + 3.0;
  return tml_code_even(p, x * (gate < 0.0 ? 0.0 : gate > 6.0 ? 6.0 : gate) / 6.0);
}
#define TML_SIGMOID_CODE(p, x) tml_code_even(p, 1.0 / (1.0 + exp(-TML_DOUBLE_OF(p, x))))
#define TML_TANH_CODE(p, x) tml_code_even(p, tanh(TML_DOUBLE_OF(p, x)))
#define TML_HARD_SWISH_CODE(p, x) tml_hard_swish_code(p, TML_DOUBLE_OF(p, x))
#define TML_LEAKY_RELU_CODE(p, x) tml_code_even(p, TML_DOUBLE_OF(p, x) * ((x) > (p)->in_zero_point ? 1.0 : (double)(p)->a))

#endif
