/* Real functions of one number. What is missing in the C libraries of small machines (expm1, log1p, erf, ...) is written out. */
#ifndef TML_REAL_FUNCTIONS_H
#define TML_REAL_FUNCTIONS_H

#include "tml_map.h"

/* W. Kahan's corrections: exact to a few units in the last place also near 0. */
TML_INLINE float tml_expm1(float x) {
  const float y = expf(x);
  if (y == 1.0f) return x;
  const float rest = y - 1.0f;
  return rest == -1.0f ? rest : rest * x / logf(y);
}
TML_INLINE float tml_log1p(float x) {
  const float y = 1.0f + x;
  return y == 1.0f ? x : logf(y) * x / (y - 1.0f);
}
TML_INLINE float tml_logistic(float x) { return 1.0f / (1.0f + expf(-x)); }
TML_INLINE float tml_softplus(float x) { return (x > 0 ? x : 0) + tml_log1p(expf(-fabsf(x))); }
/* Abramowitz and Stegun 7.1.26, off by less than 2e-7; its series near 0, where that is much. */
TML_INLINE float tml_erf(float x) {
  const float size = fabsf(x);
  if (size < 0.3f) return x * (1.1283792f - x * x * (0.37612639f - x * x * (0.11283792f - x * x * 0.026866171f)));
  const float t = 1.0f / (1.0f + 0.3275911f * size);
  const float y = 1.0f - ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t * expf(-size * size);
  return x < 0 ? -y : y;
}
/* Nearest whole number, ties to even; larger numbers have no fraction. */
TML_INLINE float tml_round_f32(float x) { return fabsf(x) < 4194304.0f ? (float)tml_round_even(x) : x; }
TML_INLINE float tml_asinh(float x) {
  const float size = fabsf(x), y = tml_log1p(size + size * size / (1.0f + sqrtf(size * size + 1.0f)));
  return x < 0 ? -y : y;
}

#define TML_ABS_F32(p, x) fabsf(x)
#define TML_ACOS_F32(p, x) acosf(x)
#define TML_ACOSH_F32(p, x) logf((x) + sqrtf(((x) - 1.0f) * ((x) + 1.0f)))
#define TML_ASIN_F32(p, x) asinf(x)
#define TML_ASINH_F32(p, x) tml_asinh(x)
#define TML_ATAN_F32(p, x) atanf(x)
#define TML_ATANH_F32(p, x) (0.5f * tml_log1p(2.0f * (x) / (1.0f - (x))))
#define TML_CEIL_F32(p, x) ceilf(x)
#define TML_CELU_F32(p, x) ((x) > 0 ? (x) : (p)->a * tml_expm1((x) / (p)->a))
#define TML_COS_F32(p, x) cosf(x)
#define TML_COSH_F32(p, x) coshf(x)
#define TML_ELU_F32(p, x) ((x) < 0 ? (p)->a * tml_expm1(x) : (x))
#define TML_ERF_F32(p, x) tml_erf(x)
#define TML_EXP_F32(p, x) expf(x)
#define TML_FLOOR_F32(p, x) floorf(x)
#define TML_GELU_F32(p, x) \
  (0.5f * (x) * (1.0f + ((p)->a != 0 ? tanhf(0.79788456f * ((x) + 0.044715f * (x) * (x) * (x))) : tml_erf((x) * 0.70710678f))))
#define TML_HARD_SIGMOID_F32(p, x) tml_clamp_f32((p)->a * (x) + (p)->b, 0.0f, 1.0f)
#define TML_HARD_SWISH_F32(p, x) ((x) * tml_clamp_f32((x) + 3.0f, 0.0f, 6.0f) / 6.0f)
#define TML_IS_INF_F32(p, x) (((p)->b != 0 && (x) == INFINITY) || ((p)->a != 0 && (x) == -INFINITY))
#define TML_IS_NAN_F32(p, x) ((x) != (x))
#define TML_LEAKY_RELU_F32(p, x) ((x) > 0 ? (x) : (x) * (p)->a)
#define TML_LOG_F32(p, x) logf(x)
#define TML_MISH_F32(p, x) ((x) * tanhf(tml_softplus(x)))
#define TML_NEG_F32(p, x) (-(x))
#define TML_RECIPROCAL_F32(p, x) (1.0f / (x))
#define TML_ROUND_F32(p, x) tml_round_f32(x)
#define TML_SELU_F32(p, x) ((p)->b * ((x) > 0 ? (x) : (p)->a * tml_expm1(x)))
#define TML_SHRINK_F32(p, x) ((x) < -(p)->b ? (x) + (p)->a : (x) > (p)->b ? (x) - (p)->a : 0.0f)
#define TML_SIGMOID_F32(p, x) tml_logistic(x)
#define TML_SIGN_F32(p, x) ((x) > 0 ? 1.0f : (x) < 0 ? -1.0f : (x))
#define TML_SIN_F32(p, x) sinf(x)
#define TML_SINH_F32(p, x) sinhf(x)
#define TML_SOFTPLUS_F32(p, x) tml_softplus(x)
#define TML_SOFTSIGN_F32(p, x) ((x) / (1.0f + fabsf(x)))
#define TML_SQRT_F32(p, x) sqrtf(x)
#define TML_SWISH_F32(p, x) ((x) * tml_logistic((p)->a * (x)))
#define TML_TAN_F32(p, x) tanf(x)
#define TML_TANH_F32(p, x) tanhf(x)
#define TML_THRESHOLDED_RELU_F32(p, x) ((x) > (p)->a ? (x) : 0.0f)

#endif
