/* int8 sum of two tensors of one shape. The operand with the larger scale counts 2^19 for each code, exactly; what the other
   counts is looked up. The table holds everything doubled, the zero points too. The output may take the place of either. */
#ifndef TML_ADD_DSP_H
#define TML_ADD_DSP_H

#include "tml_dsp.h"

typedef struct {
  int32_t elements, mantissa, constant, shift;
} tml_add_dsp_params;

#define TML_ADD_ONE_(at, sign) \
  " ldrb %[x],[%[a],#" at "]\n ldrsb %[y],[%[b],#" at "]\n ldr %[x],[%[t],%[x],lsl #2]\n add %[x],%[x],%[y],lsl #20\n" sign \
  " asr %[x],%[x],%[s]\n ssat %[x],#8,%[x]\n strb %[x],[%[o],#" at "]\n"
#define TML_ADD_ROUND_ " smmlar %[x],%[x],%[m],%[c]\n"
#define TML_ADD_ROUND_SIGNED_ " add %[y],%[c],%[x],asr #31\n smmlar %[x],%[x],%[m],%[y]\n"
#define TML_ADD_LOOP_(round) \
  for (int32_t left = p->elements >> 2; left > 0; left--) { \
    __asm__ volatile(TML_ADD_ONE_("0", round) TML_ADD_ONE_("1", round) TML_ADD_ONE_("2", round) TML_ADD_ONE_("3", round) \
                     "add %[a],%[a],#4\n add %[b],%[b],#4\n add %[o],%[o],#4\n" \
                     : [a] "+r"(a), [b] "+r"(b), [o] "+r"(out), [x] "=&r"(x), [y] "=&r"(y) : [t] "r"(table), [m] "r"(m), [c] "r"(c), [s] "r"(s) : "memory"); \
  } \
  for (int32_t left = p->elements & 3; left > 0; left--) { \
    __asm__ volatile(TML_ADD_ONE_("0", round) "add %[a],%[a],#1\n add %[b],%[b],#1\n add %[o],%[o],#1\n" \
                     : [a] "+r"(a), [b] "+r"(b), [o] "+r"(out), [x] "=&r"(x), [y] "=&r"(y) : [t] "r"(table), [m] "r"(m), [c] "r"(c), [s] "r"(s) : "memory"); \
  }

/* Lower clamp and zero point -128: the sign of a sum does not matter. */
TML_SHARED void tml_add_saturating_dsp(const tml_add_dsp_params *p, const int8_t *a, const int8_t *b, const int32_t *table, int8_t *out) {
  const int32_t m = p->mantissa, c = p->constant, s = p->shift;
  int32_t x, y;
  TML_ADD_LOOP_(TML_ADD_ROUND_)
}

TML_SHARED void tml_add_signed_dsp(const tml_add_dsp_params *p, const int8_t *a, const int8_t *b, const int32_t *table, int8_t *out) {
  const int32_t m = p->mantissa, c = p->constant, s = p->shift;
  int32_t x, y;
  TML_ADD_LOOP_(TML_ADD_ROUND_SIGNED_)
}

#endif
