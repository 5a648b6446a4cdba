/* Common ground of the kernels for Arm cores with DSP instructions (Cortex-M4, M7, M33, M35P, M55, M85). */
#ifndef TML_DSP_H
#define TML_DSP_H

#include "tml_base.h"

#if !defined(__ARM_FEATURE_DSP) || !defined(__thumb2__) || !defined(__GNUC__)
#error "This model was generated for Arm cores with DSP instructions: compile with -mcpu=cortex-m4 (or m7, m33, ...), or generate it with --isa c99"
#endif

#define TML_TEXT_OF(x) #x
#define TML_TEXT(x) TML_TEXT_OF(x)
#define TML_UNUSED __attribute__((unused))

/* Assembler macros: r0-r7 to s0-s7 as floats; back, rounded to even, plus r8, saturated to [low, 127]. */
#if defined(__ARM_FP) && (__ARM_FP & 4)
#define TML_REAL_MACROS_(low) \
  " .macro tml_real_in\n vmov s0,s1,r0,r1\n vmov s2,s3,r2,r3\n vmov s4,s5,r4,r5\n vmov s6,s7,r6,r7\n" \
  " .irp i,0,1,2,3,4,5,6,7\n vcvt.f32.s32 s\\i,s\\i\n .endr\n .endm\n" \
  " .macro tml_real_out\n .irp i,0,1,2,3,4,5,6,7\n vcvtr.s32.f32 s\\i,s\\i\n .endr\n" \
  " vmov r0,r1,s0,s1\n vmov r2,r3,s2,s3\n vmov r4,r5,s4,s5\n vmov r6,r7,s6,s7\n" \
  " .irp i,0,1,2,3,4,5,6,7\n qadd r\\i,r\\i,r8\n .if (" TML_TEXT(low) ")==0\n usat r\\i,#7,r\\i\n .else\n ssat r\\i,#8,r\\i\n .endif\n .endr\n .endm\n"
#define TML_REAL_PURGE_ " .purgem tml_real_in\n .purgem tml_real_out\n"
#else
/* Compiled for a core without an FPU: -mfpu and -mfloat-abi=softfp or hard, or another model with --isa c99. */
#define TML_REAL_MACROS_(low) TML_THIS_MODEL_NEEDS_THE_FPU
#define TML_REAL_PURGE_ ""
#endif

/* A function that is all assembler: no prologue, and no caller may assume anything about its registers beyond the ABI. */
#if defined(__clang__)
#define TML_NAKED static __attribute__((naked, noinline, unused))
#define TML_SHARED static __attribute__((noinline, unused))
#else
#define TML_NAKED static __attribute__((naked, noipa, unused))
#define TML_SHARED static __attribute__((noipa, unused))
#endif

#endif
