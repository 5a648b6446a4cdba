/* Common ground of all kernels: how constants are read, and rounding. C99, no library but expf and its like where a layer needs them. */
#ifndef TML_BASE_H
#define TML_BASE_H

#include <math.h>
#include <stdint.h>

#if defined(__AVR__)
/* Constants stay in program memory: the RAM of an AVR is far too small for weights. */
#include <avr/pgmspace.h>
#define TML_CONST const PROGMEM
#define TML_S8(p) ((int8_t)pgm_read_byte(p))
#define TML_U8(p) pgm_read_byte(p)
#define TML_S16(p) ((int16_t)pgm_read_word(p))
#define TML_U16(p) pgm_read_word(p)
#define TML_S32(p) ((int32_t)pgm_read_dword(p))
#define TML_U32(p) pgm_read_dword(p)
#define TML_F32(p) pgm_read_float(p)
#define TML_S64(p) ((int64_t)(((uint64_t)pgm_read_dword((const uint32_t *)(p) + 1) << 32) | pgm_read_dword((const uint32_t *)(p))))
#else
#define TML_CONST const
#define TML_S8(p) (*(p))
#define TML_U8(p) (*(p))
#define TML_S16(p) (*(p))
#define TML_U16(p) (*(p))
#define TML_S32(p) (*(p))
#define TML_U32(p) (*(p))
#define TML_F32(p) (*(p))
#define TML_S64(p) (*(p))
#endif
/* The same for what lies in RAM. */
#define TML_RAM(p) (*(p))

#if defined(__GNUC__)
#define TML_INLINE static inline __attribute__((always_inline, unused))
#define TML_NOINLINE static __attribute__((noinline, unused))
#else
#define TML_INLINE static inline
#define TML_NOINLINE static
#endif

/* Kernels are made for the parameters of each layer; sources that are generated for little flash share them instead. */
#if defined(TML_SHARE_KERNELS)
#define TML_KERNEL TML_NOINLINE
#else
#define TML_KERNEL TML_INLINE
#endif

#if defined(__FAST_MATH__)
#error "The generated model needs exact float rounding: compile it without -ffast-math (or -Ofast)"
#endif

/* Nearest integer, ties to even, of -4194304 < x < 4194304: adding 1.5 * 2^23 leaves the integer in the low bits of the
   float. Needs plain float arithmetic, which FLT_EVAL_METHOD 0 promises; volatile forces it elsewhere (x87). */
TML_INLINE int32_t tml_round_even(float x) {
  union { float f; int32_t i; } u;
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
  volatile float sum = x + 12582912.0f;
  u.f = sum;
#else
  u.f = x + 12582912.0f;
#endif
  return u.i - 0x4B400000;
}

/* A float that is rounded here and now: no product of it is fused into a sum. */
TML_INLINE float tml_rounded(float x) {
  volatile float y = x;
  return y;
}

/* Nearest integer, ties away from zero, of a number that fits. */
TML_INLINE int32_t tml_round_away(float x) {
  const int32_t whole = (int32_t)x;
  const float rest = x - (float)whole;
  return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

/* Integer accumulator to output code as onnxruntime does it: float product, ties to even, zero point, clamp.
   The clamp comes first: its bounds are integers, so the result is the same and the rounding stays in range. */
TML_INLINE int8_t tml_requantize_float_s8(int32_t acc, float scale, int32_t zero_point, int32_t low, int32_t high) {
  float x = (float)acc * scale;
  const float lowest = (float)(low - zero_point), highest = (float)(high - zero_point);
  if (x < lowest) x = lowest;
  if (x > highest) x = highest;
  return (int8_t)(tml_round_even(x) + zero_point);
}

/* The same without the clamp's bounds as a type: codes of up to 16 bits. */
TML_INLINE int32_t tml_code_of(float x, int32_t zero_point, int32_t low, int32_t high) {
  const float lowest = (float)(low - zero_point), highest = (float)(high - zero_point);
  return tml_round_even(x < lowest ? lowest : x > highest ? highest : x) + zero_point;
}

#if !defined(TML_WITHOUT_FPU)
#if (defined(__arm__) && !defined(__ARM_FP)) || (defined(__riscv) && !defined(__riscv_flen)) || defined(__XTENSA_SOFT_FLOAT__)
#define TML_WITHOUT_FPU 1
#else
#define TML_WITHOUT_FPU 0
#endif
#endif

#if TML_WITHOUT_FPU
TML_NOINLINE int8_t tml_requantize_slowly_s8(int32_t acc, float scale, int32_t zero_point, int32_t low, int32_t high) {
  return tml_requantize_float_s8(acc, scale, zero_point, low, high);
}

/* The same code without float arithmetic, which takes hundreds of instructions where there is no FPU. |acc| * mantissa is exact
   in 48 bits; its 16 fraction bits decide the rounding unless they are as near to a half as rounding to float32 could move them. */
TML_INLINE int8_t tml_requantize_s8(int32_t acc, float scale, int32_t zero_point, int32_t low, int32_t high) {
  union { float f; uint32_t u; } bits = {scale};
  const uint32_t size = acc < 0 ? 0u - (uint32_t)acc : (uint32_t)acc;
  const int32_t shift = 134 - (int32_t)(bits.u >> 23); /* to 16 fraction bits: 127 + 23 - 16 less the exponent */
  if (size < (1u << 24) && shift >= 16 && shift < 48) {
    const uint32_t fixed = (uint32_t)(((uint64_t)size * ((bits.u & 0x7fffffu) | 0x800000u)) >> shift);
    const uint32_t fraction = fixed & 0xffffu;
    if (fraction - 0x7ffdu > 5u) {
      const int32_t rounded = (int32_t)((fixed >> 16) + (fraction >> 15)), code = (acc < 0 ? -rounded : rounded) + zero_point;
      return (int8_t)(code < low ? low : code > high ? high : code);
    }
  }
  return tml_requantize_slowly_s8(acc, scale, zero_point, low, high);
}
#else
TML_INLINE int8_t tml_requantize_s8(int32_t acc, float scale, int32_t zero_point, int32_t low, int32_t high) {
  return tml_requantize_float_s8(acc, scale, zero_point, low, high);
}
#endif

TML_INLINE float tml_clamp_f32(float x, float low, float high) {
  return x < low ? low : x > high ? high : x;
}

TML_INLINE int32_t tml_min(int32_t a, int32_t b) { return a < b ? a : b; }
TML_INLINE int32_t tml_max(int32_t a, int32_t b) { return a > b ? a : b; }

#endif
