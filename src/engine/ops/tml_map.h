/* Functions of one number, element by element. */
#ifndef TML_MAP_H
#define TML_MAP_H

#include "tml_base.h"

typedef struct {
  int32_t elements;
  float a, b; /* parameters of the function */
} tml_map_params;

/* The result may take the input's place where its elements are not larger. */
#define TML_MAP(name, params, IN, OUT, F) \
  TML_KERNEL void name(const params *p, const IN *in, OUT *out) { \
    for (int32_t i = 0; i < p->elements; i++) out[i] = (OUT)F(p, in[i]); \
  }

/* Whole numbers wrap when they are stored; what no integer can hold becomes 0. */
TML_INLINE int64_t tml_whole_f32(float x) {
  return x > -9.2e18f && x < 9.2e18f ? (int64_t)x : 0;
}
#define TML_WHOLE(p, x) tml_whole_f32(x)
#define TML_SAME(p, x) (x)
#define TML_TRUTH(p, x) ((x) != 0)
#define TML_NOT(p, x) ((x) == 0)
#define TML_BIT_NOT(p, x) (~(x))
#define TML_ABS_INT(p, x) ((x) < 0 ? (int64_t)(0 - (uint64_t)(x)) : (int64_t)(x))
#define TML_NEG_INT(p, x) ((int64_t)(0 - (uint64_t)(x)))
#define TML_SIGN_INT(p, x) (((x) > 0) - ((x) < 0))

#endif
