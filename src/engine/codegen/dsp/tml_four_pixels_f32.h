/* float32 on cores with an FPU: four pixels times all output channels, four channels at a time; the heart of convolution.

   Pixels come interleaved, { value k of pixels 0 to 3 } for each k, filled up with zeros to values in fours. Stream, for each
   four channels: { bias } of each, { weight k of channels 0 to 3 } for each k. */
#ifndef TML_FOUR_PIXELS_F32_H
#define TML_FOUR_PIXELS_F32_H

#include "tml_base.h"

#if !defined(__ARM_FP) || !(__ARM_FP & 4) || !defined(__ARM_FEATURE_FMA) || !defined(__GNUC__)
#error "This model was generated for Arm cores with an FPU: compile with -mfpu=fpv4-sp-d16 (or fpv5-sp-d16) and -mfloat-abi=hard, or generate it with --isa c99"
#endif

#define TML_UNUSED_F32 __attribute__((unused))
#if defined(__clang__)
#define TML_NAKED_F32 static __attribute__((naked, noinline, unused))
#else
#define TML_NAKED_F32 static __attribute__((naked, noipa, unused))
#endif

/* In the order in which the functions load it. */
typedef struct {
  float *out[4];
  const float *pixels, *pixels_end, *stream_end, *stream;
} tml_four_pixels_f32;

typedef void (*tml_four_pixels_function)(const tml_four_pixels_f32 *layer);

/* Values x of four pixels times weights w of four channels: sums s0 to s15, pixel by pixel. */
#define TML_FMA_(sum, x, w) " vfma.f32 s" #sum ",s" #x ",s" #w "\n"
#define TML_FMA_ROW_(x0, x1, x2, x3, w0, w1, w2, w3) \
  TML_FMA_(0, x0, w0) TML_FMA_(1, x0, w1) TML_FMA_(2, x0, w2) TML_FMA_(3, x0, w3) TML_FMA_(4, x1, w0) TML_FMA_(5, x1, w1) TML_FMA_(6, x1, w2) TML_FMA_(7, x1, w3) \
  TML_FMA_(8, x2, w0) TML_FMA_(9, x2, w1) TML_FMA_(10, x2, w2) TML_FMA_(11, x2, w3) TML_FMA_(12, x3, w0) TML_FMA_(13, x3, w1) TML_FMA_(14, x3, w2) TML_FMA_(15, x3, w3)

/* Two values of each pixel. */
#define TML_FMA_STEP_ " vldmia r0!,{s16-s23}\n vldmia r4!,{s24-s31}\n" TML_FMA_ROW_(16, 17, 18, 19, 24, 25, 26, 27) TML_FMA_ROW_(20, 21, 22, 23, 28, 29, 30, 31)

/* r0 pixels, r1-r3 r5 out, r6 pixels, r7 their end, r8 end of the stream, r4 stream, lr where the loop over eight values is entered first. */
#define TML_FOUR_PIXELS_F32_(name, store) \
  TML_NAKED_F32 void name(const tml_four_pixels_f32 *layer TML_UNUSED_F32) { \
    __asm__ volatile( \
      ".syntax unified\n push {r4-r11,lr}\n vpush {s16-s31}\n ldmia r0,{r1,r2,r3,r5,r6,r7,r8,r9}\n mov r4,r9\n" \
      " adr lr,2f\n adr r9,3f\n sub r10,r7,r6\n tst r10,#64\n it ne\n movne lr,r9\n" \
      "1: mov r0,r6\n vldmia r4,{s0-s3}\n vldmia r4,{s4-s7}\n vldmia r4,{s8-s11}\n vldmia r4!,{s12-s15}\n mov pc,lr\n" \
      "2:\n" TML_FMA_STEP_ TML_FMA_STEP_ "3:\n" TML_FMA_STEP_ TML_FMA_STEP_ \
      " cmp r0,r7\n bne 2b\n" store \
      " cmp r4,r8\n bne 1b\n vpop {s16-s31}\n pop {r4-r11,pc}\n"); \
  }

#define TML_FOUR_PIXELS_PLAIN_F32(name) \
  TML_FOUR_PIXELS_F32_(name, " vstmia r1!,{s0-s3}\n vstmia r2!,{s4-s7}\n vstmia r3!,{s8-s11}\n vstmia r5!,{s12-s15}\n")

/* Negative numbers become 0: their sign, spread over all bits, clears them. */
#define TML_RELU_FOUR_(to, a, b, c, d) \
  " vmov r9,r10,s" #a ",s" #b "\n vmov r11,r12,s" #c ",s" #d "\n bic r9,r9,r9,asr #31\n bic r10,r10,r10,asr #31\n bic r11,r11,r11,asr #31\n bic r12,r12,r12,asr #31\n" \
  " stmia " to "!,{r9,r10,r11,r12}\n"
#define TML_FOUR_PIXELS_RELU_F32(name) \
  TML_FOUR_PIXELS_F32_(name, TML_RELU_FOUR_("r1", 0, 1, 2, 3) TML_RELU_FOUR_("r2", 4, 5, 6, 7) TML_RELU_FOUR_("r3", 8, 9, 10, 11) TML_RELU_FOUR_("r5", 12, 13, 14, 15))

#endif
