/* int8 fully connected layer with Helium, eight outputs at a time: 16 products an instruction. Rows are read as they lie, up
   to 15 bytes behind their end: the weights there are 0.

   Stream, for each eight outputs: for each 16 inputs the 16 weights of each output, then the constants of tml_mve.h for
   outputs 0 to 3 and 4 to 7 in turn, the input's zero point folded into the bias. */
#ifndef TML_DENSE_MVE_H
#define TML_DENSE_MVE_H

#include "tml_mve.h"

typedef void (*tml_dense_mve_function)(const tml_layer_mve *layer, const int8_t *in, int8_t *out);

/* r0 r2 r4 r6 r8 r10 r12 lr sums, r1 inputs, r7 out, r9 end of the inputs, r11 stream. Frame: in, stream_end, zero_point. */
#define TML_DENSE_MVE_STEP_(op) \
  " vldrb.8 q0,[r1],#16\n vldrb.8 q1,[r11],#16\n vldrb.8 q2,[r11],#16\n vldrb.8 q3,[r11],#16\n " op " r0,q0,q1\n " op " r2,q0,q2\n " op " r4,q0,q3\n" \
  " vldrb.8 q1,[r11],#16\n vldrb.8 q2,[r11],#16\n vldrb.8 q3,[r11],#16\n " op " r6,q0,q1\n " op " r8,q0,q2\n " op " r10,q0,q3\n" \
  " vldrb.8 q1,[r11],#16\n vldrb.8 q2,[r11],#16\n " op " r12,q0,q1\n " op " lr,q0,q2\n"

#define TML_DENSE_MVE_(name, codes) \
  TML_NAKED void name(const tml_layer_mve *layer TML_UNUSED, const int8_t *in TML_UNUSED, int8_t *out TML_UNUSED) { \
    __asm__ volatile( \
      ".syntax unified\n push {r4-r11,lr}\n vpush {d8-d11}\n mov r7,r2\n ldmia r0,{r6,r8,r9,r10,r11,r12}\n" \
      " vdup.32 q4,r10\n vdup.32 q5,r12\n add r9,r9,r1\n push {r1,r6,r8}\n" \
      "1:" TML_DENSE_MVE_STEP_("vmladav.s8") " cmp r1,r9\n beq 3f\n" \
      "2:" TML_DENSE_MVE_STEP_("vmladava.s8") " cmp r1,r9\n bne 2b\n" \
      "3: vmov q0[2],q0[0],r0,r4\n vmov q0[3],q0[1],r2,r6\n vmov q1[2],q1[0],r8,r12\n vmov q1[3],q1[1],r10,lr\n ldr r0,[sp,#8]\n" \
      codes " vstrb.32 q0,[r7],#4\n vstrb.32 q1,[r7],#4\n ldrd r1,r0,[sp]\n cmp r11,r0\n bne 1b\n" \
      " add sp,sp,#12\n vpop {d8-d11}\n pop {r4-r11,pc}\n"); \
  }
#define TML_DENSE_FIXED_MVE(name) TML_DENSE_MVE_(name, TML_MVE_FIXED_(TML_MVE_NEXT))
#define TML_DENSE_REAL_MVE(name) TML_DENSE_MVE_(name, TML_MVE_REAL_(TML_MVE_NEXT))

typedef struct {
  int32_t rows, depth, outputs, bytes, stream_words, zero_point, low, high;
  tml_dense_mve_function multiply;
} tml_dense_mve_params;

/* Outputs that do not come in eights: up to seven bytes behind a row are written, and replaced by the next row. */
TML_INLINE void tml_dense_mve(const tml_dense_mve_params *p, const int8_t *in, const uint32_t *stream, int8_t *out) {
  const tml_layer_mve layer = {stream + p->stream_words, p->zero_point, (uint32_t)p->bytes, p->low, stream, p->high};
  for (int32_t row = 0; row < p->rows; row++, in += p->depth, out += p->outputs) p->multiply(&layer, in, out);
}

#endif
