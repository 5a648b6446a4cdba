/* int8 depthwise 3x3 with Helium, NHWC, stride 1 or 2, border of at most one pixel; the output may take the input's place.

   One channel at a time is gathered into a plane whose words hold four rows of a column, so that a window is 12 bytes in a
   row: one instruction multiplies it by the nine weights, and by those of the next row of results, which lie one byte
   further. Four columns of results become codes together.

   Stream, for each channel: 16 bytes of weights for the upper row of results, 16 for the lower one, bias (the input's zero
   point folded in), multiplier and -shift, or bias and scale. */
#ifndef TML_DEPTHWISE_3X3_MVE_H
#define TML_DEPTHWISE_3X3_MVE_H

#include <arm_mve.h>

#include "tml_mve.h"

typedef struct {
  int32_t channels, along, across, out_along, out_across; /* pixels along a row of the plane, and rows across */
  int32_t in_step, in_pitch, out_step, out_pitch;                 /* bytes from pixel to pixel and from row to row */
  int32_t pad_along, pad_across, padding, zero_point;             /* zero points of input and output */
  int32_t columns;                                                /* of a row of the plane */
} tml_depthwise_3x3_mve_params;

/* In the order in which the functions load it. */
typedef struct {
  uint32_t offsets[4]; /* of four results that lie side by side */
  int32_t results, out_step, zero_point;
} tml_depthwise_row_mve;

typedef void (*tml_depthwise_mve_function)(const uint32_t *plane, const uint32_t *stream, int8_t *upper, const tml_depthwise_row_mve *row, int8_t *lower);

/* r1 plane, r3 r5 results, r7 how many are left, r9 bytes to the next four, r0 r2 r4 r6 sums of the upper row, r8 r10 r12 lr of
   the lower. Frame: three constants, zero point. The lower row is stored first: where there is none, both are one. */
#define TML_DW_MVE_(name, stride, codes) \
  TML_NAKED void name(const uint32_t *plane TML_UNUSED, const uint32_t *stream TML_UNUSED, int8_t *upper TML_UNUSED, const tml_depthwise_row_mve *row TML_UNUSED, int8_t *lower TML_UNUSED) { \
    __asm__ volatile( \
      ".syntax unified\n push {r4-r11,lr}\n vpush {d8-d13}\n ldr r5,[sp,#84]\n vldrb.8 q4,[r1],#16\n vldrb.8 q5,[r1],#16\n ldmia r1,{r4,r6,r8}\n" \
      " vldrw.u32 q6,[r3],#16\n ldmia r3,{r7,r9,r10}\n push {r4,r6,r8,r10}\n mov r1,r0\n mov r3,r2\n" \
      "1: vldrb.8 q0,[r1],#(4*" TML_TEXT(stride) ")\n vldrb.8 q1,[r1],#(4*" TML_TEXT(stride) ")\n vldrb.8 q2,[r1],#(4*" TML_TEXT(stride) ")\n vldrb.8 q3,[r1],#(4*" TML_TEXT(stride) ")\n" \
      " vmladav.s8 r0,q0,q4\n vmladav.s8 r2,q1,q4\n vmladav.s8 r4,q2,q4\n vmladav.s8 r6,q3,q4\n" \
      " .if " TML_TEXT(stride) "==1\n vmladav.s8 r8,q0,q5\n vmladav.s8 r10,q1,q5\n vmladav.s8 r12,q2,q5\n vmladav.s8 lr,q3,q5\n" \
      " vmov q1[2],q1[0],r8,r12\n vmov q1[3],q1[1],r10,lr\n .endif\n" \
      " vmov q0[2],q0[0],r0,r4\n vmov q0[3],q0[1],r2,r6\n ldrd r0,r2,[sp]\n ldrd r4,r6,[sp,#8]\n" \
      " .macro tml_dw_codes q,t\n" codes " vqadd.s32 \\q,\\q,r6\n vqmovnb.s32 \\q,\\q\n vqmovnb.s16 \\q,\\q\n .endm\n" \
      " .if " TML_TEXT(stride) "==1\n tml_dw_codes q1,q2\n .endif\n tml_dw_codes q0,q3\n .purgem tml_dw_codes\n" \
      " vctp.32 r7\n .if " TML_TEXT(stride) "==1\n vpst\n vstrbt.32 q1,[r5,q6]\n add r5,r5,r9\n .endif\n vpst\n vstrbt.32 q0,[r3,q6]\n" \
      " add r3,r3,r9\n subs r7,r7,#4\n bgt 1b\n add sp,sp,#16\n vpop {d8-d13}\n pop {r4-r11,pc}\n"); \
  }

/* Every shift is to the right. */
#define TML_DEPTHWISE_FIXED_MVE(name, stride) \
  TML_DW_MVE_(name, stride, " vadd.i32 \\q,\\q,r0\n vqrdmulh.s32 \\q,\\q,r2\n vshr.s32 \\t,\\q,#31\n vqadd.s32 \\q,\\q,\\t\n vrshl.s32 \\q,r4\n")
#define TML_DEPTHWISE_REAL_MVE(name, stride) \
  TML_DW_MVE_(name, stride, " vadd.i32 \\q,\\q,r0\n vcvt.f32.s32 \\q,\\q\n vmul.f32 \\q,\\q,r2\n vcvtn.s32.f32 \\q,\\q\n")

/* `count` columns of four rows, which lie `second`, `third` and `fourth` bytes behind the first one. */
TML_INLINE void tml_dw_gather_mve(const int8_t *from, const uint32_t *offsets, int32_t second, int32_t third, int32_t fourth, int32_t step, uint32_t *to, int32_t count) {
  __asm__ volatile("vldrw.u32 q4,[%[o]]\n vadd.i32 q5,q4,%[b]\n vadd.i32 q6,q4,%[c]\n vadd.i32 q7,q4,%[d]\n"
                   "1: vctp.32 %[n]\n vpstttt\n vldrbt.u32 q0,[%[from],q4]\n vldrbt.u32 q1,[%[from],q5]\n vldrbt.u32 q2,[%[from],q6]\n vldrbt.u32 q3,[%[from],q7]\n"
                   " vsli.32 q0,q1,#8\n vsli.32 q0,q2,#16\n vsli.32 q0,q3,#24\n vpst\n vstrwt.32 q0,[%[to]],#16\n add %[from],%[from],%[step]\n subs %[n],%[n],#4\n bgt 1b\n"
                   : [from] "+r"(from), [to] "+r"(to), [n] "+r"(count) : [o] "r"(offsets), [b] "r"(second), [c] "r"(third), [d] "r"(fourth), [step] "r"(4 * step)
                   : "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "cc", "memory");
}

/* Row r of the plane: the image's rows from stride * r (two of them, for stride 1) less the border. */
TML_INLINE void tml_dw_row_mve(const tml_depthwise_3x3_mve_params *p, const int8_t *in, const uint32_t *offsets, int32_t r, uint32_t *to) {
  const uint32_t border = (uint8_t)p->padding * 0x01010101u;
  const int32_t y = 2 * r - p->pad_across;
  int32_t at[4];
  uint32_t keep = 0;
  /* Rows outside of the image are read from its nearest one and replaced. */
  for (int32_t k = 0; k < 4; k++) {
    at[k] = tml_max(0, tml_min(y + k, p->across - 1)) * p->in_pitch;
    if (at[k] == (y + k) * p->in_pitch) keep |= 0xffu << (8 * k);
  }
  tml_dw_gather_mve(in + at[0], offsets, at[1] - at[0], at[2] - at[0], at[3] - at[0], p->in_step, to + p->pad_along, p->along);
  if (~keep) for (int32_t i = 0; i < p->columns; i += 4) vst1q_u32(to + i, vorrq_u32(vandq_u32(vld1q_u32(to + i), vdupq_n_u32(keep)), vdupq_n_u32(border & ~keep)));
}

/* Rows of the plane turn over: before results replace rows of the image, the next row of the plane has what it needs of them. */
TML_INLINE void tml_depthwise_3x3_mve(const tml_depthwise_3x3_mve_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out,
                                      tml_depthwise_mve_function multiply, int32_t stride, int32_t stream_words) {
  uint32_t *const plane = (uint32_t *)(void *)scratch;
  const int32_t kept = 3 - stride, rows = (p->out_across + kept - 1) / kept;
  const uint32_t step = (uint32_t)p->in_step, out_step = (uint32_t)p->out_step;
  const uint32_t offsets[4] = {0, step, 2 * step, 3 * step};
  const tml_depthwise_row_mve row = {{0, out_step, 2 * out_step, 3 * out_step}, p->out_along, 4 * p->out_step, p->zero_point};
  for (int32_t i = 0; i < kept * p->columns; i++) plane[i] = (uint8_t)p->padding * 0x01010101u;
  for (int32_t c = 0; c < p->channels; c++, in++, out++, stream += stream_words) {
    if (stride == 1) tml_dw_row_mve(p, in, offsets, 0, plane);
    for (int32_t r = 0; r < rows; r++) {
      const int32_t next = stride == 1 ? r + 1 : r;
      if (next < rows) tml_dw_row_mve(p, in, offsets, next, plane + next % kept * p->columns);
      int8_t *const upper = out + r * kept * p->out_pitch;
      multiply(plane + r % kept * p->columns, stream, upper, &row, stride == 1 && 2 * r + 1 < p->out_across ? upper + p->out_pitch : upper);
    }
  }
}

#define TML_DEPTHWISE_3X3_MVE(name, multiply, stride, stream_words) \
  TML_SHARED void name(const tml_depthwise_3x3_mve_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) { \
    tml_depthwise_3x3_mve(p, in, stream, scratch, out, multiply, stride, stream_words); \
  }
#define TML_DEPTHWISE_3X3_FIXED_MVE(name, stride) \
  TML_DEPTHWISE_FIXED_MVE(name##_row, stride) \
  TML_DEPTHWISE_3X3_MVE(name, name##_row, stride, 11)
#define TML_DEPTHWISE_3X3_REAL_MVE(name, stride) \
  TML_DEPTHWISE_REAL_MVE(name##_row, stride) \
  TML_DEPTHWISE_3X3_MVE(name, name##_row, stride, 10)

#endif
