/* int8 depthwise 3x3, stride 1, padded to the same size, NHWC; the output may take the input's place.

   One channel at a time is gathered into a plane of int16 pairs, (row 2p-1, row 2p) of each column, zero points around it.
   Then a window slides along each row with nine weights in five registers and three sums in flight: every pair is loaded
   once for each row that it counts in. Weights and bias carry the factor 2^(1+L) of the result (see tml_pixel_pair_dsp.h).

   Stream, for each channel: weights (0,3) (1,4) (2,5) (6,7) (8,-), bias, multiplier, constant; weights count along the
   sweep first, which is the longer side of the image where the offsets allow it. */
#ifndef TML_DEPTHWISE_S1_DSP_H
#define TML_DEPTHWISE_S1_DSP_H

#include "tml_dsp.h"

/* r0-r4 weights, r5-r7 sums, r8 pixels, r9 bias, r10 multiplier, r11 constant, r12 plane, lr out. */
#define TML_DW1_RESULT_(sum, total) " smmla " sum "," sum ",r10,r11\n ssat " sum ",#8," sum ",asr #" total "\n strb " sum ",[lr,#(\\off)]\n"

/* along x step bytes: the sweep; across x pitch: from row to row of the sweep. unroll, gather: outputs and pixels per turn. */
#define TML_DEPTHWISE_3X3_S1_DSP(name, along, step, across, pitch, channels, zero_point, total, unroll, gather) \
  TML_NAKED void name(const int8_t *in TML_UNUSED, const uint32_t *stream TML_UNUSED, uint8_t *plane TML_UNUSED, int8_t *out TML_UNUSED) { \
    __asm__ volatile( \
      ".syntax unified\n .set tml_ns," TML_TEXT(along) "\n .set tml_nr," TML_TEXT(across) "\n .set tml_ss," TML_TEXT(step) "\n" \
      " .set tml_rr," TML_TEXT(pitch) "\n .set tml_un," TML_TEXT(unroll) "\n .set tml_gu," TML_TEXT(gather) "\n" \
      " .set tml_rs,(tml_ns+2)*4\n .set tml_nl,tml_ns/tml_un\n .set tml_rem,tml_ns%tml_un\n .set tml_gl,tml_ns/tml_gu\n .set tml_gr,tml_ns%tml_gu\n" \
      /* one output of an even row, of an odd row: finish a, go on with b, start n */ \
      " .macro tml_even a,b,n,off\n ldr r8,[r12,#tml_rs]\n smlabb \\a,r8,r4,\\a\n smlabt \\b,r8,r3,\\b\n smlabb \\n,r8,r3,r9\n" \
      " ldr r8,[r12],#4\n smlad \\a,r8,r2,\\a\n smlad \\b,r8,r1,\\b\n smlad \\n,r8,r0,\\n\n" TML_DW1_RESULT_("\\a", TML_TEXT(total)) " .endm\n" \
      " .macro tml_odd a,b,n,off\n ldr r8,[r12,#tml_rs]\n smlad \\a,r8,r2,\\a\n smlad \\b,r8,r1,\\b\n smlad \\n,r8,r0,r9\n" \
      " ldr r8,[r12],#4\n smlatb \\a,r8,r4,\\a\n smlatt \\b,r8,r3,\\b\n smlatb \\n,r8,r3,\\n\n" TML_DW1_RESULT_("\\a", TML_TEXT(total)) " .endm\n" \
      " .macro tml_turn k,op\n .if (\\k%3)==0\n \\op r5,r6,r7,\\k*tml_ss\n .elseif (\\k%3)==1\n \\op r6,r7,r5,\\k*tml_ss\n .else\n \\op r7,r5,r6,\\k*tml_ss\n .endif\n .endm\n" \
      " .macro tml_sweep op\n .if tml_nl>1\n 7:\n .endif\n .set tml_k,0\n .rept tml_un\n tml_turn tml_k,\\op\n .set tml_k,tml_k+1\n .endr\n" \
      " .if (tml_nl==1)&&tml_rem\n add lr,lr,#(tml_un*tml_ss)\n .endif\n" \
      " .if tml_nl>1\n add lr,lr,#(tml_un*tml_ss)\n ldr r8,[sp,#24]\n cmp r12,r8\n bne 7b\n .endif\n" \
      " .set tml_k,0\n .rept tml_rem\n tml_turn tml_k,\\op\n .set tml_k,tml_k+1\n .endr\n .endm\n" \
      /* pixels into the plane: below the top border, between two rows, above the bottom border */ \
      " .macro tml_top n\n .set tml_k,0\n .rept \\n\n ldrsb r6,[r0,#(tml_k*tml_ss)]\n pkhbt r6,r5,r6,lsl #16\n str r6,[r2],#4\n .set tml_k,tml_k+1\n .endr\n .endm\n" \
      " .macro tml_middle n\n .set tml_k,0\n .rept \\n\n ldrsb r6,[r0,#(tml_k*tml_ss)]\n ldrsb r7,[r1,#(tml_k*tml_ss)]\n pkhbt r6,r6,r7,lsl #16\n str r6,[r2],#4\n .set tml_k,tml_k+1\n .endr\n .endm\n" \
      " .macro tml_bottom n\n .set tml_k,0\n .rept \\n\n ldrsb r6,[r0,#(tml_k*tml_ss)]\n pkhbt r6,r6,r5,lsl #16\n str r6,[r2],#4\n .set tml_k,tml_k+1\n .endr\n .endm\n" \
      " push {r4-r11,lr}\n sub sp,sp,#36\n str r0,[sp]\n str r3,[sp,#4]\n str r1,[sp,#8]\n str r2,[sp,#12]\n mov r4,#" TML_TEXT(channels) "\n str r4,[sp,#16]\n mov r3,r2\n" \
      /* zero points once, for all channels: the border stays */ \
      " mov r5,#" TML_TEXT(zero_point) "\n pkhbt r5,r5,r5,lsl #16\n movw r6,#((tml_nr+3)/2*(tml_ns+2))\n 0: str r5,[r3],#4\n subs r6,r6,#1\n bne 0b\n" \
      "1: ldr r0,[sp]\n ldr r2,[sp,#12]\n add r2,r2,#4\n mov r5,#" TML_TEXT(zero_point) "\n" \
      " mov r3,r0\n .if tml_gl>1\n mov r4,#tml_gl\n 2:\n .endif\n tml_top tml_gu\n" \
      " .if tml_gl>1\n subs r4,r4,#1\n add r0,r0,#(tml_gu*tml_ss)\n bne 2b\n .elseif tml_gr\n add r0,r0,#(tml_gu*tml_ss)\n .endif\n .if tml_gr\n tml_top tml_gr\n .endif\n" \
      " add r0,r3,#tml_rr\n add r2,r2,#8\n .if (tml_nr-1)/2>0\n mov r9,#((tml_nr-1)/2)\n" \
      "3: add r1,r0,#tml_rr\n mov r3,r1\n .if tml_gl>1\n mov r4,#tml_gl\n 4:\n .endif\n tml_middle tml_gu\n" \
      " .if tml_gl>1\n add r0,r0,#(tml_gu*tml_ss)\n add r1,r1,#(tml_gu*tml_ss)\n subs r4,r4,#1\n bne 4b\n" \
      " .elseif tml_gr\n add r0,r0,#(tml_gu*tml_ss)\n add r1,r1,#(tml_gu*tml_ss)\n .endif\n .if tml_gr\n tml_middle tml_gr\n .endif\n" \
      " add r0,r3,#tml_rr\n add r2,r2,#8\n subs r9,r9,#1\n bne 3b\n .endif\n" \
      " .if (tml_nr%2)==0\n .if tml_gl>1\n mov r4,#tml_gl\n 5:\n .endif\n tml_bottom tml_gu\n" \
      " .if tml_gl>1\n subs r4,r4,#1\n add r0,r0,#(tml_gu*tml_ss)\n bne 5b\n .elseif tml_gr\n add r0,r0,#(tml_gu*tml_ss)\n .endif\n .if tml_gr\n tml_bottom tml_gr\n .endif\n .endif\n" \
      /* even rows */ \
      " ldr r12,[sp,#8]\n ldmia r12!,{r0-r4,r9-r11}\n str r12,[sp,#8]\n" \
      " ldr r12,[sp,#12]\n ldr lr,[sp,#4]\n mov r8,#((tml_nr+1)/2)\n b 66f\n" \
      "6: mov r8,r6\n 66: str r8,[sp,#20]\n str lr,[sp,#28]\n .if tml_nl>1\n add r8,r12,#((tml_nl*tml_un+2)*4)\n str r8,[sp,#24]\n .endif\n" \
      " ldr r8,[r12,#tml_rs]\n smlabb r5,r8,r3,r9\n ldr r8,[r12],#4\n smlad r5,r8,r0,r5\n" \
      " ldr r8,[r12,#tml_rs]\n smlabt r5,r8,r3,r5\n smlabb r6,r8,r3,r9\n ldr r8,[r12],#4\n smlad r5,r8,r1,r5\n smlad r6,r8,r0,r6\n" \
      " tml_sweep tml_even\n ldr r6,[sp,#20]\n ldr lr,[sp,#28]\n subs r6,r6,#1\n add lr,lr,#(2*tml_rr)\n bne 6b\n" \
      /* odd rows: the same weights in other pairs */ \
      " .if tml_nr>1\n lsr r5,r0,#16\n pkhbt r5,r5,r3,lsl #16\n pkhtb r6,r3,r1,asr #16\n lsr r7,r2,#16\n pkhbt r7,r7,r4,lsl #16\n" \
      " pkhbt r3,r0,r1,lsl #16\n mov r4,r2\n mov r0,r5\n mov r1,r6\n mov r2,r7\n" \
      " ldr r12,[sp,#12]\n ldr lr,[sp,#4]\n add lr,lr,#tml_rr\n mov r8,#(tml_nr/2)\n b 88f\n" \
      "8: mov r8,r6\n 88: str r8,[sp,#20]\n str lr,[sp,#28]\n .if tml_nl>1\n add r8,r12,#((tml_nl*tml_un+2)*4)\n str r8,[sp,#24]\n .endif\n" \
      " ldr r8,[r12,#tml_rs]\n smlad r5,r8,r0,r9\n ldr r8,[r12],#4\n smlatb r5,r8,r3,r5\n" \
      " ldr r8,[r12,#tml_rs]\n smlad r5,r8,r1,r5\n smlad r6,r8,r0,r9\n ldr r8,[r12],#4\n smlatt r5,r8,r3,r5\n smlatb r6,r8,r3,r6\n" \
      " tml_sweep tml_odd\n ldr r6,[sp,#20]\n ldr lr,[sp,#28]\n subs r6,r6,#1\n add lr,lr,#(2*tml_rr)\n bne 8b\n .endif\n" \
      " ldrd r0,r1,[sp]\n adds r0,r0,#1\n adds r1,r1,#1\n strd r0,r1,[sp]\n ldr r2,[sp,#16]\n subs r2,r2,#1\n str r2,[sp,#16]\n bne 1b\n" \
      " add sp,sp,#36\n pop {r4-r11,pc}\n" \
      " .purgem tml_even\n .purgem tml_odd\n .purgem tml_turn\n .purgem tml_sweep\n .purgem tml_top\n .purgem tml_middle\n .purgem tml_bottom\n"); \
  }

#endif
