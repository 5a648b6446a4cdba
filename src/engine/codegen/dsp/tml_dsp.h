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

/* A function that is all assembler: no prologue, and no caller may assume anything about its registers beyond the ABI. */
#if defined(__clang__)
#define TML_NAKED static __attribute__((naked, noinline, unused))
#define TML_SHARED static __attribute__((noinline, unused))
#else
#define TML_NAKED static __attribute__((naked, noipa, unused))
#define TML_SHARED static __attribute__((noipa, unused))
#endif

#endif
