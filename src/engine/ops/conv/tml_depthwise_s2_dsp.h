/* int8 depthwise 3x3, stride 2, an image of even sides padded by one pixel at the bottom and at the right, NHWC; the output
   may take the input's place.

   Output rows in order, in each of them one channel after another, straight from the bytes of three input rows: a column
   becomes a word of its upper two pixels and one of the third. Weights and bias carry the factor 2^(1+L) of the result (see
   tml_pixel_pair_dsp.h). Columns behind the last one are read and their results replaced.

   Stream, for each channel: weights (0,3) (1,4) (2,5) (6,7) (8,-), bias, multiplier, constant. */
#ifndef TML_DEPTHWISE_S2_DSP_H
#define TML_DEPTHWISE_S2_DSP_H

#include "tml_dsp.h"

/* r0-r4 weights, r5 r6 sums, r7 r8 a column, r9 bias, r10 multiplier, r11 constant, r12 in, lr out. */
#define TML_DEPTHWISE_3X3_S2_DSP(name, out_h, out_w, channels, zero_point, total, unroll) \
  TML_NAKED void name(const int8_t *in TML_UNUSED, const uint32_t *stream TML_UNUSED, int8_t *out TML_UNUSED) { \
    __asm__ volatile( \
      ".syntax unified\n .set tml_ow," TML_TEXT(out_w) "\n .set tml_nc," TML_TEXT(channels) "\n .set tml_rr,(2*tml_ow*tml_nc)\n" \
      " .set tml_un," TML_TEXT(unroll) "\n .set tml_nl,tml_ow/tml_un\n" \
      " .macro tml_column off,last\n ldrsb r7,[r12,#(\\off)]\n ldrsb r8,[r12,#(\\off+tml_rr)]\n pkhbt r7,r7,r8,lsl #16\n" \
      " .if \\last\n mov r8,#" TML_TEXT(zero_point) "\n .else\n ldrsb r8,[r12,#(\\off+2*tml_rr)]\n .endif\n .endm\n" \
      " .macro tml_right sum\n mov r8,#" TML_TEXT(zero_point) "\n pkhbt r7,r8,r8,lsl #16\n smlad \\sum,r7,r2,\\sum\n smlabb \\sum,r8,r4,\\sum\n .endm\n" \
      /* one output in a, whose first column is in it already; its third column starts the next one in b */ \
      " .macro tml_output a,b,k,last\n tml_column (2*\\k+1)*tml_nc,\\last\n smlad \\a,r7,r1,\\a\n smlabt \\a,r8,r3,\\a\n" \
      " .if (tml_nl==1)&&(\\k==tml_un-1)\n tml_right \\a\n .else\n tml_column (2*\\k+2)*tml_nc,\\last\n" \
      " smlad \\a,r7,r2,\\a\n smlabb \\a,r8,r4,\\a\n smlad \\b,r7,r0,r9\n smlabb \\b,r8,r3,\\b\n .endif\n" \
      " smmla \\a,\\a,r10,r11\n ssat \\a,#8,\\a,asr #" TML_TEXT(total) "\n strb \\a,[lr,#(\\k*tml_nc)]\n .endm\n" \
      " .macro tml_group last\n .set tml_k,0\n .rept tml_un\n .if tml_k&1\n tml_output r6,r5,tml_k,\\last\n .else\n tml_output r5,r6,tml_k,\\last\n .endif\n" \
      " .set tml_k,tml_k+1\n .endr\n .endm\n" \
      " .macro tml_row last\n tml_column 0,\\last\n smlad r5,r7,r0,r9\n smlabb r5,r8,r3,r5\n .if tml_nl>1\n mov r7,#(tml_nl)\n 7: str r7,[sp,#24]\n tml_group \\last\n" \
      " .if tml_un&1\n mov r5,r6\n .endif\n add r12,r12,#(2*tml_un*tml_nc)\n add lr,lr,#(tml_un*tml_nc)\n ldr r7,[sp,#24]\n subs r7,r7,#1\n bne 7b\n" \
      /* the last output again, with padding at its right */ \
      " sub r12,r12,#(2*tml_nc)\n sub lr,lr,#tml_nc\n tml_column 0,\\last\n smlad r5,r7,r0,r9\n smlabb r5,r8,r3,r5\n" \
      " tml_column tml_nc,\\last\n smlad r5,r7,r1,r5\n smlabt r5,r8,r3,r5\n tml_right r5\n" \
      " smmla r5,r5,r10,r11\n ssat r5,#8,r5,asr #" TML_TEXT(total) "\n strb r5,[lr]\n .else\n tml_group \\last\n .endif\n .endm\n" \
      " push {r4-r11,lr}\n sub sp,sp,#36\n str r0,[sp,#8]\n str r2,[sp,#12]\n str r1,[sp,#28]\n mov r4,#" TML_TEXT(out_h) "\n str r4,[sp,#16]\n" \
      "1: ldr r12,[sp,#28]\n mov r4,#tml_nc\n str r4,[sp,#20]\n ldr r4,[sp,#16]\n cmp r4,#1\n beq.w 3f\n" \
      "2: ldmia r12!,{r0-r4,r9-r11}\n str r12,[sp]\n ldrd r12,lr,[sp,#8]\n tml_row 0\n" \
      " ldrd r12,lr,[sp,#8]\n add r12,r12,#1\n add lr,lr,#1\n strd r12,lr,[sp,#8]\n ldr r12,[sp]\n ldr r0,[sp,#20]\n subs r0,r0,#1\n str r0,[sp,#20]\n bne 2b\n" \
      " ldrd r12,lr,[sp,#8]\n add r12,r12,#(2*tml_rr-tml_nc)\n add lr,lr,#(tml_ow*tml_nc-tml_nc)\n strd r12,lr,[sp,#8]\n ldr r4,[sp,#16]\n subs r4,r4,#1\n str r4,[sp,#16]\n b 1b\n" \
      "3: ldmia r12!,{r0-r4,r9-r11}\n str r12,[sp]\n ldrd r12,lr,[sp,#8]\n tml_row 1\n" \
      " ldrd r12,lr,[sp,#8]\n add r12,r12,#1\n add lr,lr,#1\n strd r12,lr,[sp,#8]\n ldr r12,[sp]\n ldr r0,[sp,#20]\n subs r0,r0,#1\n str r0,[sp,#20]\n bne 3b\n" \
      " add sp,sp,#36\n pop {r4-r11,pc}\n" \
      " .purgem tml_column\n .purgem tml_right\n .purgem tml_output\n .purgem tml_group\n .purgem tml_row\n"); \
  }

#endif
