/* int8 fully connected layer for one row: eight outputs at a time, the row widened in registers. Two outputs share halfwords
   and results are rounded as in tml_pixel_pair_dsp.h, with one multiplier for all.

   Stream, for each eight outputs: { 256*b0+b1, b1 } of each pair, for each four inputs the words of all pairs for inputs 0
   and 2, then 1 and 3; at its end { multiplier, constant, shift of first channels, shift of second channels }. Where results
   are real, { scale } of each of the eight and a zero point follow their weights instead. */
#ifndef TML_DENSE_DSP_H
#define TML_DENSE_DSP_H

#include "tml_dsp.h"

typedef struct {
  const uint32_t *stream, *finish;
  uint32_t in_bytes, entry;
} tml_dense_layer;

typedef void (*tml_dense_function)(const int8_t *in, int8_t *out, const tml_dense_layer *layer);

/* r0-r7 sums, r8 r9 inputs, r10 r11 weights, r12 stream, lr input. Frame: in, in_end, out, finish, entry. */
#define TML_DENSE_FUNCTION_(name, macros, finish, purge) \
  TML_NAKED void name(const int8_t *in TML_UNUSED, int8_t *out TML_UNUSED, const tml_dense_layer *layer TML_UNUSED) { \
    __asm__ volatile( \
      ".syntax unified\n .macro tml_four x\n ldrd r10,r11,[r12],#8\n smlad r0,\\x,r10,r0\n smlad r2,\\x,r11,r2\n sxtb16 r10,r10\n sxtb16 r11,r11\n" \
      " smlad r1,\\x,r10,r1\n smlad r3,\\x,r11,r3\n ldrd r10,r11,[r12],#8\n smlad r4,\\x,r10,r4\n smlad r6,\\x,r11,r6\n sxtb16 r10,r10\n sxtb16 r11,r11\n" \
      " smlad r5,\\x,r10,r5\n smlad r7,\\x,r11,r7\n .endm\n" \
      macros \
      " push {r4-r11,lr}\n sub sp,sp,#20\n ldmia r2,{r3-r6}\n str r0,[sp]\n add r5,r5,r0\n str r5,[sp,#4]\n str r1,[sp,#8]\n str r4,[sp,#12]\n" \
      " adr r7,2f\n add r7,r7,r6\n str r7,[sp,#16]\n mov r12,r3\n" \
      "1: ldmia r12!,{r0-r7}\n ldr lr,[sp]\n ldr r8,[sp,#16]\n bx r8\n .p2align 2\n" \
      "2:\n .rept 4\n ldr r8,[lr],#4\n sxtb16 r9,r8,ror #8\n sxtb16 r8,r8\n tml_four r8\n tml_four r9\n .endr\n ldr r10,[sp,#4]\n cmp lr,r10\n bne 2b\n" \
      finish \
      " strb r0,[r10],#1\n strb r1,[r10],#1\n strb r2,[r10],#1\n strb r3,[r10],#1\n strb r4,[r10],#1\n strb r5,[r10],#1\n strb r6,[r10],#1\n strb r7,[r10],#1\n" \
      " str r10,[sp,#8]\n ldr lr,[sp,#12]\n cmp r12,lr\n bne 1b\n add sp,sp,#20\n pop {r4-r11,pc}\n" \
      " .purgem tml_four\n" purge); \
  }

/* One multiplier for all: what follows the stream. */
#define TML_DENSE_SHARED_(name, first, second) \
  TML_DENSE_FUNCTION_(name, " .macro tml_first r\n" first " .endm\n .macro tml_second r\n" second " .endm\n", \
                      " ldr lr,[sp,#12]\n ldr r10,[sp,#8]\n ldmia lr,{r8,r9,r11,lr}\n" \
                      " sub r0,r0,r1\n tml_first r0\n tml_second r1\n sub r2,r2,r3\n tml_first r2\n tml_second r3\n" \
                      " sub r4,r4,r5\n tml_first r4\n tml_second r5\n sub r6,r6,r7\n tml_first r6\n tml_second r7\n", \
                      " .purgem tml_first\n .purgem tml_second\n")

#define TML_DENSE_SATURATING_DSP(name, total) \
  TML_DENSE_SHARED_(name, " asr \\r,\\r,r11\n smmla \\r,\\r,r8,r9\n ssat \\r,#8,\\r,asr #" TML_TEXT(total) "\n", \
                      " lsl \\r,\\r,lr\n smmla \\r,\\r,r8,r9\n ssat \\r,#8,\\r,asr #" TML_TEXT(total) "\n")
#define TML_DENSE_SIGNED_DSP(name) \
  TML_DENSE_SHARED_(name, " asr \\r,\\r,#7\n add r11,r9,\\r,asr #31\n smmlar \\r,\\r,r8,r11\n asr \\r,\\r,lr\n ssat \\r,#8,\\r\n", \
                      " lsl \\r,\\r,#1\n add r11,r9,\\r,asr #31\n smmlar \\r,\\r,r8,r11\n asr \\r,\\r,lr\n ssat \\r,#8,\\r\n")
#define TML_DENSE_REAL_DSP(name, low) \
  TML_DENSE_FUNCTION_(name, TML_REAL_MACROS_(low), \
                      " sub r0,r0,r1\n sub r2,r2,r3\n sub r4,r4,r5\n sub r6,r6,r7\n vldmia r12!,{s8-s15}\n ldr r8,[r12],#4\n" \
                      " tml_real_in\n vmul.f32 s0,s0,s8\n vmul.f32 s1,s1,s9\n vmul.f32 s2,s2,s10\n vmul.f32 s3,s3,s11\n" \
                      " vmul.f32 s4,s4,s12\n vmul.f32 s5,s5,s13\n vmul.f32 s6,s6,s14\n vmul.f32 s7,s7,s15\n tml_real_out\n ldr r10,[sp,#8]\n", \
                      TML_REAL_PURGE_)

typedef struct {
  int32_t words, stream_words; /* of the row, of the stream without what all outputs share */
  tml_dense_function multiply;
} tml_dense_dsp_params;

/* The loop has four steps of 124 bytes, four inputs each. */
TML_INLINE void tml_dense_dsp(const tml_dense_dsp_params *p, const int8_t *in, const uint32_t *stream, int8_t *out) {
  const tml_dense_layer layer = {stream, stream + p->stream_words, (uint32_t)(4 * p->words), (uint32_t)((4 - p->words % 4) % 4 * 124 + 1)};
  p->multiply(in, out, &layer);
}

#endif
