/* Functions of two numbers, element by element, with broadcasting. */
#ifndef TML_PAIRS_H
#define TML_PAIRS_H

#include "tml_base.h"

/* Extents of the result, and elements from one to the next in both operands: 0 along axes where an operand is repeated. */
#define TML_PAIRS_AXES int32_t count_0, count_1, count_2, count_3, a_0, a_1, a_2, a_3, b_0, b_1, b_2, b_3

typedef struct {
  TML_PAIRS_AXES;
  float low, high;
} tml_pairs_params;

/* The second operand may be constant (READ says how it is read); TURNED exchanges what the function gets. The result may
   take the place of an operand of its size. */
#define TML_PAIRS(name, params, A, B, READ, OUT, ORDER, F) \
  TML_KERNEL void name(const params *p, const A *a, const B *b, OUT *out) { \
    for (int32_t i = 0; i < p->count_0; i++) \
      for (int32_t j = 0; j < p->count_1; j++) \
        for (int32_t k = 0; k < p->count_2; k++) { \
          const A *x = a + i * p->a_0 + j * p->a_1 + k * p->a_2; \
          const B *y = b + i * p->b_0 + j * p->b_1 + k * p->b_2; \
          for (int32_t l = 0; l < p->count_3; l++) *out++ = (OUT)ORDER(F, p, x[l * p->a_3], READ(y + l * p->b_3)); \
        } \
  }
#define TML_STRAIGHT(F, p, x, y) F(p, x, y)
#define TML_TURNED(F, p, x, y) F(p, y, x)

/* Real numbers. */
#define TML_ADD_F32(p, x, y) tml_clamp_f32((x) + (y), (p)->low, (p)->high)
#define TML_SUB_F32(p, x, y) tml_clamp_f32((x) - (y), (p)->low, (p)->high)
#define TML_MUL_F32(p, x, y) tml_clamp_f32((x) * (y), (p)->low, (p)->high)
#define TML_DIV_F32(p, x, y) ((x) / (y))
#define TML_POW_F32(p, x, y) powf((x), (y))
#define TML_FMOD_F32(p, x, y) fmodf((x), (y))
#define TML_MOD_F32(p, x, y) tml_floor_mod_f32((x), (y))
#define TML_PRELU_F32(p, x, y) ((x) >= 0 ? (x) : (x) * (y))
TML_INLINE float tml_floor_mod_f32(float x, float y) {
  const float rest = fmodf(x, y);
  return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

/* Integers wrap when they are stored; nothing is divided by zero. */
#define TML_ADD_INT(p, x, y) ((int64_t)((uint64_t)(x) + (uint64_t)(y)))
#define TML_SUB_INT(p, x, y) ((int64_t)((uint64_t)(x) - (uint64_t)(y)))
#define TML_MUL_INT(p, x, y) ((int64_t)((uint64_t)(x) * (uint64_t)(y)))
#define TML_DIV_INT(p, x, y) tml_div_int((int64_t)(x), (int64_t)(y))
#define TML_FMOD_INT(p, x, y) tml_mod_int((int64_t)(x), (int64_t)(y), 0)
#define TML_MOD_INT(p, x, y) tml_mod_int((int64_t)(x), (int64_t)(y), 1)
#define TML_PRELU_INT(p, x, y) ((x) >= 0 ? (int64_t)(x) : TML_MUL_INT(p, x, y))
TML_INLINE int64_t tml_div_int(int64_t x, int64_t y) {
  return y == 0 ? 0 : y == -1 ? (int64_t)(0 - (uint64_t)x) : x / y;
}
TML_INLINE int64_t tml_mod_int(int64_t x, int64_t y, int32_t floors) {
  const int64_t rest = y == 0 || y == -1 ? 0 : x % y;
  return floors && rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
}

/* Numbers of any type, codes too. */
#define TML_MIN(p, x, y) ((x) < (y) ? (x) : (y))
#define TML_MAX(p, x, y) ((x) > (y) ? (x) : (y))
#define TML_EQUAL(p, x, y) ((x) == (y))
#define TML_LESS(p, x, y) ((x) < (y))
#define TML_LESS_EQUAL(p, x, y) ((x) <= (y))
#define TML_GREATER(p, x, y) ((x) > (y))
#define TML_GREATER_EQUAL(p, x, y) ((x) >= (y))
#define TML_AND(p, x, y) ((x) && (y))
#define TML_OR(p, x, y) ((x) || (y))
#define TML_XOR(p, x, y) (!(x) != !(y))
#define TML_BIT_AND(p, x, y) ((x) & (y))
#define TML_BIT_OR(p, x, y) ((x) | (y))
#define TML_BIT_XOR(p, x, y) ((x) ^ (y))
#define TML_SHIFT_LEFT(p, x, y) ((y) >= 64 ? 0 : (int64_t)((uint64_t)(x) << (y)))
#define TML_SHIFT_RIGHT(p, x, y) ((y) >= 64 ? 0 : (uint64_t)(x) >> (y))

#endif
