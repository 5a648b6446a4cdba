/* int8: two pixels times all output channels with Helium, four channels at a time: 16 products an instruction, eight sums in
   flight. Pixels are read as they lie, up to 15 bytes behind their end: the weights there are 0.

   Stream, for each four channels: for each 16 values of a pixel the 16 weights of each channel, then the constants of
   tml_mve.h for the four, the input's zero point folded into the bias. */
#ifndef TML_PIXEL_PAIR_MVE_H
#define TML_PIXEL_PAIR_MVE_H

#include "tml_mve.h"

typedef void (*tml_pixel_pair_mve_function)(const tml_layer_mve *layer, const int8_t *a, const int8_t *b, int8_t *out_a, int8_t *out_b);

/* r0 r4 r8 r12 sums of pixel a, r2 r6 r10 lr of b, r1 r3 pixels, r5 r7 out, r9 end of pixel a, r11 stream. Frame: a, b,
   stream_end, zero_point. */
#define TML_PAIR_MVE_STEP_(op) \
  " vldrb.8 q0,[r1],#16\n vldrb.8 q1,[r3],#16\n vldrb.8 q2,[r11],#16\n vldrb.8 q3,[r11],#16\n" \
  " " op " r0,q0,q2\n " op " r2,q1,q2\n " op " r4,q0,q3\n " op " r6,q1,q3\n vldrb.8 q2,[r11],#16\n vldrb.8 q3,[r11],#16\n" \
  " " op " r8,q0,q2\n " op " r10,q1,q2\n " op " r12,q0,q3\n " op " lr,q1,q3\n"

#define TML_PIXEL_PAIR_MVE_(name, codes) \
  TML_NAKED void name(const tml_layer_mve *layer TML_UNUSED, const int8_t *a TML_UNUSED, const int8_t *b TML_UNUSED, int8_t *out_a TML_UNUSED, int8_t *out_b TML_UNUSED) { \
    __asm__ volatile( \
      ".syntax unified\n push {r4-r11,lr}\n vpush {d8-d11}\n ldr r5,[sp,#68]\n mov r7,r3\n mov r3,r2\n ldmia r0,{r6,r8,r9,r10,r11,r12}\n" \
      " vdup.32 q4,r10\n vdup.32 q5,r12\n add r9,r9,r1\n push {r1,r3,r6,r8}\n" \
      "1:" TML_PAIR_MVE_STEP_("vmladav.s8") " cmp r1,r9\n beq 3f\n" \
      "2:" TML_PAIR_MVE_STEP_("vmladava.s8") " cmp r1,r9\n bne 2b\n" \
      "3: vmov q0[2],q0[0],r0,r8\n vmov q0[3],q0[1],r4,r12\n vmov q1[2],q1[0],r2,r10\n vmov q1[3],q1[1],r6,lr\n ldr r0,[sp,#12]\n" \
      codes " vstrb.32 q0,[r7],#4\n vstrb.32 q1,[r5],#4\n ldr r0,[sp,#8]\n ldrd r1,r3,[sp]\n cmp r11,r0\n bne 1b\n" \
      " add sp,sp,#16\n vpop {d8-d11}\n pop {r4-r11,pc}\n"); \
  }
#define TML_PIXEL_PAIR_FIXED_MVE(name) TML_PIXEL_PAIR_MVE_(name, TML_MVE_FIXED_(""))
#define TML_PIXEL_PAIR_REAL_MVE(name) TML_PIXEL_PAIR_MVE_(name, TML_MVE_REAL_(""))

/* Multiplies and stores pixel a, and pixel b where there is one; channels that do not come in fours go by way of `spare`. */
TML_INLINE void tml_multiply_pair_mve(tml_pixel_pair_mve_function multiply, const tml_layer_mve *layer, const int8_t *a, const int8_t *b, int32_t channels,
                                      int8_t *spare, int8_t *out, int32_t both) {
  if ((channels & 3) == 0) {
    multiply(layer, a, b, out, both ? out + channels : out);
  } else {
    int8_t *const other = spare + ((channels + 3) & ~3);
    multiply(layer, a, b, spare, other);
    for (int32_t c = 0; c < channels; c++) out[c] = spare[c];
    if (both) for (int32_t c = 0; c < channels; c++) out[channels + c] = other[c];
  }
}

#endif
