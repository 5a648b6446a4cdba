/* int8: two pixels times all output channels, four channels at a time; the heart of convolution on cores with DSP
   instructions.

   Weights of two channels A and B share halfwords, 256 * wA + wB, so that one load and one SXTB16 serve both: sums of the
   whole halfword are 256 * SA + SB, sums of its low byte SB. Pixels come widened to int16 and interleaved: a word of pixel A
   (two values), a word of pixel B.

   Stream, for each four channels: { 256*b0+b1, b1, 256*b2+b3, b3 }, for each two values of a pixel the words of both channel
   pairs, then { multiplier, constant, shift } of each channel, or { scale } of each and one zero point. */
#ifndef TML_PIXEL_PAIR_DSP_H
#define TML_PIXEL_PAIR_DSP_H

#include "tml_dsp.h"

typedef struct {
  const uint32_t *pixels, *pixels_end, *stream_end;
  uint32_t entry; /* where the unrolled loop is entered first: bytes behind its start, plus the Thumb bit */
  const uint32_t *stream;
} tml_pixel_pair;

typedef void (*tml_pixel_pair_function)(const tml_pixel_pair *layer, int8_t *out_a, int8_t *out_b);

#define TML_PAIR_UNROLL 16
/* The first step of all, two values of a pixel each, stands before the loop over 16 more. `steps` is even: that loop is entered at
   an odd one. Steps have 48 bytes, but for the last two, of 56. */
#define TML_PAIR_LEFT_(steps) (((steps) - 1) % TML_PAIR_UNROLL)
#define TML_PAIR_ENTRY(steps) ((uint32_t)((TML_PAIR_UNROLL - TML_PAIR_LEFT_(steps)) * 48 + (TML_PAIR_LEFT_(steps) == 1 ? 8 : 0) + 1))

/* What a block needs only at its ends: out_a, out_b, pixels, entry, pixels_end, stream_end. In registers of the FPU, which are
   nearer than the stack, where there is one and the finish does not use it. */
#define TML_PAIR_STACK_ENTER_ " push {r1,r2,r4-r7}\n"
#define TML_PAIR_STACK_START_ " ldr r12,[sp,#8]\n"
#define TML_PAIR_STACK_ENTRY_ " ldr r8,[sp,#20]\n"
#define TML_PAIR_STACK_PIXELS_END_ " ldr r8,[sp,#12]\n"
#define TML_PAIR_STACK_OUT_ " ldrd r12,r11,[sp]\n"
#define TML_PAIR_STACK_NEXT_ " strd r12,r11,[sp]\n ldr r0,[sp,#16]\n"
#define TML_PAIR_STACK_LEAVE_ " add sp,sp,#24\n"
#if defined(__ARM_FP)
#define TML_PAIR_FPU_ENTER_ " vmov s0,s1,r1,r2\n vmov s2,s3,r4,r7\n vmov s4,s5,r5,r6\n"
#define TML_PAIR_FPU_START_ " vmov r12,s2\n"
#define TML_PAIR_FPU_ENTRY_ " vmov r8,s3\n"
#define TML_PAIR_FPU_PIXELS_END_ " vmov r8,s4\n"
#define TML_PAIR_FPU_OUT_ " vmov r12,r11,s0,s1\n"
#define TML_PAIR_FPU_NEXT_ " vmov s0,s1,r12,r11\n vmov r0,s5\n"
#define TML_PAIR_FPU_LEAVE_ ""
#define TML_PAIR_FRAME_(part) TML_PAIR_FPU_##part
#else
#define TML_PAIR_FRAME_(part) TML_PAIR_STACK_##part
#endif
#define TML_PAIR_STACK_(part) TML_PAIR_STACK_##part

/* r0-r7 sums, r8 r9 pixels, r10 r11 weights, r12 pixel pointer, lr stream. Four single loads are two instructions more than two double
   ones, and a cycle less. */
#define TML_PAIR_LOAD_ " ldr r8,[r12],#4\n ldr r9,[r12],#4\n ldr r10,[lr],#4\n ldr r11,[lr],#4\n"
#define TML_PAIR_STEP_ \
  " smlad r0,r8,r10,r0\n smlad r1,r9,r10,r1\n smlad r4,r8,r11,r4\n smlad r5,r9,r11,r5\n" \
  " sxtb16 r10,r10\n sxtb16 r11,r11\n" \
  " smlad r2,r8,r10,r2\n smlad r3,r9,r10,r3\n smlad r6,r8,r11,r6\n smlad r7,r9,r11,r7\n"
#define TML_PAIR_SUMS_(frame) \
  ".syntax unified\n push {r4-r11,lr}\n ldmia r0,{r4-r7,lr}\n adr r9,4f\n add r7,r7,r9\n" frame(ENTER_) \
  "3: ldmia lr!,{r0,r2,r4,r6}\n" frame(START_) \
  TML_PAIR_LOAD_ " smlad r1,r9,r10,r0\n smlad r0,r8,r10,r0\n smlad r5,r9,r11,r4\n smlad r4,r8,r11,r4\n" \
  " sxtb16 r10,r10\n sxtb16 r11,r11\n" \
  " smlad r3,r9,r10,r2\n smlad r2,r8,r10,r2\n smlad r7,r9,r11,r6\n smlad r6,r8,r11,r6\n" frame(ENTRY_) " bx r8\n .p2align 2\n" \
  "4:\n .rept 14\n ldrd r8,r9,[r12],#8\n ldrd r10,r11,[lr],#8\n" TML_PAIR_STEP_ " .endr\n" TML_PAIR_LOAD_ TML_PAIR_STEP_ TML_PAIR_LOAD_ TML_PAIR_STEP_ frame(PIXELS_END_) \
  " cmp r12,r8\n bne 4b\n"

#define TML_PAIR_STORE_(frame) \
  frame(OUT_) " strb r0,[r12],#1\n strb r1,[r11],#1\n strb r2,[r12],#1\n strb r3,[r11],#1\n" \
  " strb r4,[r12],#1\n strb r5,[r11],#1\n strb r6,[r12],#1\n strb r7,[r11],#1\n" frame(NEXT_) \
  " cmp lr,r0\n bne 3b\n" frame(LEAVE_) " pop {r4-r11,pc}\n"

#define TML_PAIR_FINISH_(a, b) \
  " sub r0,r0,r2\n sub r1,r1,r3\n ldmia lr!,{r8,r9,r10}\n" a("r0") a("r1") " ldmia lr!,{r8,r9,r10}\n" b("r2") b("r3") \
  " sub r4,r4,r6\n sub r5,r5,r7\n ldmia lr!,{r8,r9,r10}\n" a("r4") a("r5") " ldmia lr!,{r8,r9,r10}\n" b("r6") b("r7")

/* Results whose lower clamp is the zero point, -128, and whose upper is 127: below it every rounding ends alike, so the sum
   needs no sign correction. V = S << (1 + L), out = sat8((high(V * m) + constant) >> total); L = total - shift. */
#define TML_PIXEL_PAIR_SATURATING_DSP(name, total) \
  TML_NAKED void name(const tml_pixel_pair *layer TML_UNUSED, int8_t *out_a TML_UNUSED, int8_t *out_b TML_UNUSED) { \
    __asm__ volatile(" .macro tml_finish_a r\n asr \\r,\\r,r10\n smmla \\r,\\r,r8,r9\n ssat \\r,#8,\\r,asr #" TML_TEXT(total) "\n .endm\n" \
                     " .macro tml_finish_b r\n lsl \\r,\\r,r10\n smmla \\r,\\r,r8,r9\n ssat \\r,#8,\\r,asr #" TML_TEXT(total) "\n .endm\n" \
                     TML_PAIR_SUMS_(TML_PAIR_FRAME_) TML_PAIR_FINISH_(TML_PAIR_A_, TML_PAIR_B_) TML_PAIR_STORE_(TML_PAIR_FRAME_) " .purgem tml_finish_a\n .purgem tml_finish_b\n"); \
  }

/* Any zero point, no clamp but that of int8: out = sat8((high_rounded(2 S * m) + constant + sign(S)) >> shift). */
#define TML_PIXEL_PAIR_SIGNED_DSP(name) \
  TML_NAKED void name(const tml_pixel_pair *layer TML_UNUSED, int8_t *out_a TML_UNUSED, int8_t *out_b TML_UNUSED) { \
    __asm__ volatile(" .macro tml_finish_a r\n asr \\r,\\r,#7\n add r11,r9,\\r,asr #31\n smmlar \\r,\\r,r8,r11\n asr \\r,\\r,r10\n ssat \\r,#8,\\r\n .endm\n" \
                     " .macro tml_finish_b r\n lsl \\r,\\r,#1\n add r11,r9,\\r,asr #31\n smmlar \\r,\\r,r8,r11\n asr \\r,\\r,r10\n ssat \\r,#8,\\r\n .endm\n" \
                     TML_PAIR_SUMS_(TML_PAIR_FRAME_) TML_PAIR_FINISH_(TML_PAIR_A_, TML_PAIR_B_) TML_PAIR_STORE_(TML_PAIR_FRAME_) " .purgem tml_finish_a\n .purgem tml_finish_b\n"); \
  }
/* onnxruntime's rule: out = sat8(round_to_even((float)S * scale) + zero point), scales of A divided by 256; low: -128 or 0. */
#define TML_PIXEL_PAIR_REAL_DSP(name, low) \
  TML_NAKED void name(const tml_pixel_pair *layer TML_UNUSED, int8_t *out_a TML_UNUSED, int8_t *out_b TML_UNUSED) { \
    __asm__ volatile(TML_REAL_MACROS_(low) TML_PAIR_SUMS_(TML_PAIR_STACK_) \
                     " sub r0,r0,r2\n sub r1,r1,r3\n sub r4,r4,r6\n sub r5,r5,r7\n vldmia lr!,{s8-s11}\n ldr r8,[lr],#4\n" \
                     " tml_real_in\n vmul.f32 s0,s0,s8\n vmul.f32 s1,s1,s8\n vmul.f32 s2,s2,s9\n vmul.f32 s3,s3,s9\n" \
                     " vmul.f32 s4,s4,s10\n vmul.f32 s5,s5,s10\n vmul.f32 s6,s6,s11\n vmul.f32 s7,s7,s11\n tml_real_out\n" TML_PAIR_STORE_(TML_PAIR_STACK_) TML_REAL_PURGE_); \
  }
#define TML_PAIR_A_(r) " tml_finish_a " r "\n"
#define TML_PAIR_B_(r) " tml_finish_b " r "\n"

/* Four int8 values of pixels a and b, as two words of each. Reads whole words, wherever they lie. */
#define TML_WIDEN_ \
  "ldr %[x],[%[a]],#4\n ldr %[y],[%[b]],#4\n sxtb16 r4,%[x]\n sxtb16 r5,%[y]\n sxtb16 r6,%[x],ror #8\n sxtb16 r8,%[y],ror #8\n" \
  " stmia %[to]!,{r4,r5,r6,r8}\n"
#define TML_WIDEN_ASM_(text) \
  __asm__ volatile(text : [a] "+r"(a), [b] "+r"(b), [to] "+r"(to), [x] "=&r"(x), [y] "=&r"(y) : : "r4", "r5", "r6", "r8", "memory")

/* `words` words of both pixels, widened and interleaved; returns where the next ones go. */
TML_INLINE uint32_t *tml_widen_pair(const int8_t *a, const int8_t *b, uint32_t *to, int32_t words) {
  uint32_t x, y;
  if (words & 1) TML_WIDEN_ASM_(TML_WIDEN_);
  if (words & 2) TML_WIDEN_ASM_(TML_WIDEN_ TML_WIDEN_);
  for (int32_t i = words >> 2; i != 0; i--) TML_WIDEN_ASM_(TML_WIDEN_ TML_WIDEN_ TML_WIDEN_ TML_WIDEN_);
  return to;
}

/* Multiplies and stores pixel a, and pixel b where there is one; channels that do not come in fours go by way of `spare`. */
TML_INLINE void tml_multiply_pair(tml_pixel_pair_function multiply, const tml_pixel_pair *layer, int32_t channels, int8_t *spare, int8_t *out, int32_t both) {
  if ((channels & 3) == 0) {
    multiply(layer, out, both ? out + channels : out);
  } else {
    int8_t *const other = spare + ((channels + 3) & ~3);
    multiply(layer, spare, other);
    for (int32_t c = 0; c < channels; c++) out[c] = spare[c];
    if (both) for (int32_t c = 0; c < channels; c++) out[channels + c] = other[c];
  }
}

#endif
