/* Common ground of the kernels for Arm cores with Helium (M-profile vector extension with floats): Cortex-M52, M55, M85. */
#ifndef TML_MVE_H
#define TML_MVE_H

#include "tml_dsp.h"

#if !defined(__ARM_FEATURE_MVE) || !(__ARM_FEATURE_MVE & 2)
#error "This model was generated for Arm cores with Helium and floats: compile with -mcpu=cortex-m55 -mfloat-abi=hard, or generate it with --isa dsp"
#endif

/* What is multiplied with pixels or rows, in the order in which the functions load it. */
typedef struct {
  const uint32_t *stream_end;
  int32_t zero_point;
  uint32_t bytes; /* of a pixel or row, in sixteens */
  int32_t low;    /* clamps less the zero point */
  const uint32_t *stream;
  int32_t high;
} tml_layer_mve;

/* Assembler text that turns sums in q0 and q1 into codes by the constants at r11; clamps less the zero point in q4 and q5,
   zero point in r0; uses q2 and q3. `next` loads the constants of q1 where they are not those of q0. */
#define TML_MVE_NEXT "vldrw.u32 q2,[r11],#16\n"

/* TFLite's double rounding: { bias }, { multiplier }, { -shift }. */
#define TML_MVE_FIXED_(next) \
  " vldrw.u32 q2,[r11],#16\n vadd.i32 q0,q0,q2\n " next " vadd.i32 q1,q1,q2\n" \
  " vldrw.u32 q2,[r11],#16\n vqrdmulh.s32 q0,q0,q2\n " next " vqrdmulh.s32 q1,q1,q2\n" \
  " vldrw.u32 q2,[r11],#16\n vand q3,q0,q2\n vshr.s32 q3,q3,#31\n vqadd.s32 q0,q0,q3\n vrshl.s32 q0,q0,q2\n " next \
  " vand q3,q1,q2\n vshr.s32 q3,q3,#31\n vqadd.s32 q1,q1,q3\n vrshl.s32 q1,q1,q2\n" TML_MVE_CLAMP_

/* onnxruntime's rule: { bias }, { scale }; float32 product, ties to even. */
#define TML_MVE_REAL_(next) \
  " vldrw.u32 q2,[r11],#16\n vadd.i32 q0,q0,q2\n " next " vadd.i32 q1,q1,q2\n" \
  " vldrw.u32 q2,[r11],#16\n vcvt.f32.s32 q0,q0\n vmul.f32 q0,q0,q2\n " next " vcvt.f32.s32 q1,q1\n vmul.f32 q1,q1,q2\n" \
  " vcvtn.s32.f32 q0,q0\n vcvtn.s32.f32 q1,q1\n" TML_MVE_CLAMP_

/* Clamped first: adding the zero point cannot wrap around then. */
#define TML_MVE_CLAMP_ \
  " vmax.s32 q0,q0,q4\n vmax.s32 q1,q1,q4\n vmin.s32 q0,q0,q5\n vmin.s32 q1,q1,q5\n vadd.i32 q0,q0,r0\n vadd.i32 q1,q1,r0\n"

#endif
