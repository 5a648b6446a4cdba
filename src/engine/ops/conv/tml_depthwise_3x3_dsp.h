/* int8 depthwise 3x3, NHWC, any size, stride, border of at most one pixel, zero points and clamp: one machine code for all
   layers that do not repay their own (tml_depthwise_s1_dsp.h, tml_depthwise_s2_dsp.h).

   One channel at a time is gathered into a plane of int16 pairs, (row 2p-1, row 2p) of each column, zero points around it. A
   window slides along the rows of the plane in which results are centred and leaves sums; those that count become codes. The
   output may take the input's place.

   Stream, for each channel: weights (0,3) (1,4) (2,5) (6,7) (8,-), bias, multiplier, constant, shift to the left, shift to the
   right; code = (high_rounded(sum << left, multiplier) + constant + sign) >> right, the sign only where right > 0. */
#ifndef TML_DEPTHWISE_3X3_DSP_H
#define TML_DEPTHWISE_3X3_DSP_H

#include "tml_dsp.h"

typedef struct {
  int32_t in_h, in_w, channels, out_h, out_w;
  int32_t stride, first_row, first_column; /* centre of the first result */
  int32_t zero_point, low, high;
  int32_t columns, sums; /* of the plane; bytes into scratch where sums go */
} tml_depthwise_3x3_dsp_params;

/* r0-r4 weights, r5-r7 sums, r8 pixels, r9 bias, r10 bytes to the next pair of rows, r11 out, r12 plane, lr end of out.
   first: a pair of rows and one above; second: the other way round. */
#define TML_DW_SUMS_(first_a, first_b, first_n, second_a, second_b, second_n, weight_a, weight_b, weight_n, other_a, other_b, other_n) \
  ".syntax unified\n push {r4-r11,lr}\n mov r12,r1\n mov r11,r2\n mov r10,r3\n ldr lr,[sp,#36]\n ldmia r0,{r0-r4,r9}\n" \
  " .macro tml_low a,b,n\n ldr r8,[r12,r10]\n .ifnb \\a\n " first_a " \\a,r8," weight_a ",\\a\n .endif\n .ifnb \\b\n " first_b " \\b,r8," weight_b ",\\b\n .endif\n " first_n " \\n,r8," weight_n ",r9\n" \
  " ldr r8,[r12],#4\n .ifnb \\a\n " second_a " \\a,r8," other_a ",\\a\n .endif\n .ifnb \\b\n " second_b " \\b,r8," other_b ",\\b\n .endif\n " second_n " \\n,r8," other_n ",\\n\n .endm\n" \
  " tml_low ,,r5\n tml_low ,r5,r6\n" \
  "1: tml_low r5,r6,r7\n str r5,[r11],#4\n tml_low r6,r7,r5\n str r6,[r11],#4\n tml_low r7,r5,r6\n str r7,[r11],#4\n cmp r11,lr\n bne 1b\n" \
  " pop {r4-r11,pc}\n .purgem tml_low\n"

/* Sums of a row whose pixels are the second of their pairs: weights 6 7 8 meet the first of the next pair. */
TML_NAKED void tml_dw_even_row(const uint32_t *stream TML_UNUSED, const uint32_t *plane TML_UNUSED, int32_t *sums TML_UNUSED, int32_t pitch TML_UNUSED, int32_t *end TML_UNUSED) {
  __asm__ volatile(TML_DW_SUMS_("smlabb", "smlabt", "smlabb", "smlad", "smlad", "smlad", "r4", "r3", "r3", "r2", "r1", "r0"));
}

/* Sums of a row whose pixels are the first of their pairs; takes the weights in the pairs (3,6) (4,7) (5,8) (0,1) (2,-). */
TML_NAKED void tml_dw_odd_row(const uint32_t *stream TML_UNUSED, const uint32_t *plane TML_UNUSED, int32_t *sums TML_UNUSED, int32_t pitch TML_UNUSED, int32_t *end TML_UNUSED) {
  __asm__ volatile(TML_DW_SUMS_("smlad", "smlad", "smlad", "smlatb", "smlatt", "smlatb", "r2", "r1", "r0", "r4", "r3", "r3"));
}

TML_SHARED void tml_depthwise_3x3_dsp(const tml_depthwise_3x3_dsp_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) {
  uint32_t *const plane = (uint32_t *)(void *)scratch;
  int32_t *const sums = (int32_t *)(void *)(scratch + p->sums);
  const int32_t channels = p->channels, columns = p->columns, pairs = (p->in_h + 3) / 2, row = p->in_w * channels;
  const uint32_t zero = (uint16_t)p->zero_point, zeros = zero | (zero << 16);
  const int32_t is_saturated = p->low == INT8_MIN && p->high == INT8_MAX;
  for (int32_t i = 0; i < pairs * columns; i++) plane[i] = zeros;
  for (int32_t c = 0; c < channels; c++, in++, out++, stream += 10) {
    for (int32_t pair = 0; pair < pairs; pair++) {
      /* Rows 2 pair - 1 and 2 pair, where they exist. */
      const int8_t *a = in + (2 * pair - 1) * row, *b = a + row;
      uint32_t *to = plane + pair * columns + 1;
      if (pair == 0) {
        for (int32_t x = 0; x < p->in_w; x++, b += channels) *to++ = zero | ((uint32_t)*b << 16);
      } else if (2 * pair < p->in_h) {
        for (int32_t x = 0; x < p->in_w; x++, a += channels, b += channels) *to++ = (uint16_t)*a | ((uint32_t)*b << 16);
      } else if (2 * pair - 1 < p->in_h) {
        for (int32_t x = 0; x < p->in_w; x++, a += channels) *to++ = (uint16_t)*a | (zero << 16);
      }
    }
    const uint32_t turned[6] = {
      (stream[0] >> 16) | (stream[3] << 16), (stream[1] >> 16) | (stream[3] & 0xffff0000u), (stream[2] >> 16) | (stream[4] << 16),
      (stream[0] & 0xffffu) | (stream[1] << 16), stream[2] & 0xffffu, stream[5],
    };
    const int32_t m = (int32_t)stream[6], constant = (int32_t)stream[7], left = (int32_t)stream[8], right = (int32_t)stream[9];
    int8_t *to = out;
    for (int32_t oy = 0; oy < p->out_h; oy++) {
      const int32_t y = p->first_row + oy * p->stride;
      const uint32_t *const from = plane + (y >> 1) * columns;
      if (y & 1) tml_dw_odd_row(turned, from, sums, 4 * columns, sums + columns - 2);
      else tml_dw_even_row(stream, from, sums, 4 * columns, sums + columns - 2);
      const int32_t *sum = sums + p->first_column;
      for (int32_t ox = p->out_w; ox > 0; ox--, sum += p->stride, to += channels) {
        int32_t x = (int32_t)((uint32_t)*sum << left), y_sign = right ? x >> 31 : 0;
        __asm__("smmlar %[x],%[x],%[m],%[c]\n" : [x] "+r"(x) : [m] "r"(m), [c] "r"(constant + y_sign));
        x >>= right;
        if (is_saturated) __asm__("ssat %[x],#8,%[x]\n" : [x] "+r"(x));
        else x = x < p->low ? p->low : x > p->high ? p->high : x;
        *to = (int8_t)x;
      }
    }
  }
}

#endif
