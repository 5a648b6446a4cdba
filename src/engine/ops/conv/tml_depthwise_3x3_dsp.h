/* int8 depthwise 3x3, NHWC, any size, stride, border of at most one pixel, zero points and clamp: one machine code for all
   layers that do not repay their own (tml_depthwise_s1_dsp.h, tml_depthwise_s2_dsp.h).

   One channel at a time is gathered into a plane of int16 pairs, (row 2p-1, row 2p) of each column, zero points around it. A
   window slides along the rows of the plane in which results are centred and leaves sums; those that count become codes. The
   output may take the input's place.

   Stream, for each channel: weights (0,3) (1,4) (2,5) (6,7) (8,-) and bias, all doubled, multiplier, constant, shift;
   code = (high_rounded(sum * multiplier) + constant + (sum < 0 ? -1 : 0)) >> shift. Or, by onnxruntime's rule: the same weights
   and bias as they are, scale, zero point; code = round_to_even((float)sum * scale) + zero point. */
#ifndef TML_DEPTHWISE_3X3_DSP_H
#define TML_DEPTHWISE_3X3_DSP_H

#include <string.h>

#include "tml_dsp.h"

typedef struct {
  int32_t in_h, in_w, channels, out_h, out_w;
  int32_t stride, first_row, first_column; /* centre of the first result */
  int32_t zero_point, low, high;
  int32_t columns, sums, rows; /* of the plane; bytes into scratch where sums go; rows of sums there is room for */
} tml_depthwise_3x3_dsp_params;

/* Rows of one kind, one after another, until the sums end. r0-r4 weights, r5-r7 sums, r8 pixels, r9 bias, r10 bytes to the next
   pair of rows, r11 out, r12 plane, lr end of the row's sums. */
#define TML_DW_SUMS_(first_a, first_b, first_n, second_a, second_b, second_n, weight_a, weight_b, weight_n, other_a, other_b, other_n) \
  ".syntax unified\n push {r4-r11,lr}\n mov r12,r1\n mov r11,r2\n mov r10,r3\n sub lr,r2,#8\n ldmia r0,{r0-r4,r9}\n" \
  " .macro tml_column a,b,n\n ldr r8,[r12,r10]\n .ifnb \\a\n " first_a " \\a,r8," weight_a ",\\a\n .endif\n .ifnb \\b\n " first_b " \\b,r8," weight_b ",\\b\n .endif\n " first_n " \\n,r8," weight_n ",r9\n" \
  " ldr r8,[r12],#4\n .ifnb \\a\n " second_a " \\a,r8," other_a ",\\a\n .endif\n .ifnb \\b\n " second_b " \\b,r8," other_b ",\\b\n .endif\n " second_n " \\n,r8," other_n ",\\n\n .endm\n" \
  "2: add lr,lr,r10\n tml_column ,,r5\n tml_column ,r5,r6\n" \
  "1: tml_column r5,r6,r7\n str r5,[r11],#4\n tml_column r6,r7,r5\n str r6,[r11],#4\n tml_column r7,r5,r6\n str r7,[r11],#4\n cmp r11,lr\n bne 1b\n" \
  " sub lr,lr,#8\n ldr r8,[sp,#36]\n cmp r11,r8\n bne 2b\n pop {r4-r11,pc}\n .purgem tml_column\n"

/* Sums of a row whose pixels are the second of their pairs: weights 6 7 8 meet the first of the next pair. */
TML_NAKED void tml_dw_even_rows(const uint32_t *stream TML_UNUSED, const uint32_t *plane TML_UNUSED, int32_t *sums TML_UNUSED, int32_t pitch TML_UNUSED, int32_t *end TML_UNUSED) {
  __asm__ volatile(TML_DW_SUMS_("smlabb", "smlabt", "smlabb", "smlad", "smlad", "smlad", "r4", "r3", "r3", "r2", "r1", "r0"));
}

/* Sums of a row whose pixels are the first of their pairs; takes the weights in the pairs (3,6) (4,7) (5,8) (0,1) (2,-). */
TML_NAKED void tml_dw_odd_rows(const uint32_t *stream TML_UNUSED, const uint32_t *plane TML_UNUSED, int32_t *sums TML_UNUSED, int32_t pitch TML_UNUSED, int32_t *end TML_UNUSED) {
  __asm__ volatile(TML_DW_SUMS_("smlad", "smlad", "smlad", "smlatb", "smlatt", "smlatb", "r2", "r1", "r0", "r4", "r3", "r3"));
}

/* Pairs of pixels a and b, each `step` bytes from the next, into a row of the plane. */
TML_INLINE void tml_dw_gather(const int8_t *a, int32_t step_a, const int8_t *b, int32_t step_b, uint32_t *to, int32_t count) {
  int32_t x, y, v, w;
  for (int32_t i = count >> 1; i != 0; i--) {
    __asm__ volatile("ldrsb %[x],[%[a]]\n ldrsb %[y],[%[b]]\n ldrsb %[v],[%[a],%[sa]]\n ldrsb %[w],[%[b],%[sb]]\n add %[a],%[a],%[sa],lsl #1\n add %[b],%[b],%[sb],lsl #1\n"
                     " pkhbt %[x],%[x],%[y],lsl #16\n pkhbt %[v],%[v],%[w],lsl #16\n str %[x],[%[to]],#4\n str %[v],[%[to]],#4\n"
                     : [a] "+r"(a), [b] "+r"(b), [to] "+r"(to), [x] "=&r"(x), [y] "=&r"(y), [v] "=&r"(v), [w] "=&r"(w) : [sa] "r"(step_a), [sb] "r"(step_b) : "memory");
  }
  if (count & 1) *to = (uint32_t)(uint16_t)*a | ((uint32_t)(uint16_t)*b << 16);
}

TML_INLINE int8_t tml_dw_clamp(const tml_depthwise_3x3_dsp_params *p, int32_t x) {
  return (int8_t)(x < p->low ? p->low : x > p->high ? p->high : x);
}

/* Codes of a row of sums. */
TML_INLINE void tml_dw_finish_signed(const tml_depthwise_3x3_dsp_params *p, const int32_t *sum, const uint32_t *stream, int8_t *to) {
  const int32_t multiplier = (int32_t)stream[6], constant = (int32_t)stream[7], shift = (int32_t)stream[8];
  int32_t left = p->out_w, x, sign;
  if (p->low == INT8_MIN && p->high == INT8_MAX) {
    const int32_t next = 4 * p->stride, step = p->channels;
    do
      __asm__ volatile("ldr %[x],[%[sum]]\n add %[sum],%[sum],%[next]\n add %[g],%[c],%[x],asr #31\n smmlar %[x],%[x],%[m],%[g]\n asr %[x],%[x],%[s]\n"
                       " ssat %[x],#8,%[x]\n strb %[x],[%[to]]\n add %[to],%[to],%[step]\n"
                       : [sum] "+r"(sum), [to] "+r"(to), [x] "=&r"(x), [g] "=&r"(sign)
                       : [next] "r"(next), [c] "r"(constant), [m] "r"(multiplier), [s] "r"(shift), [step] "r"(step) : "memory");
    while (--left != 0);
    return;
  }
  for (; left > 0; left--, sum += p->stride, to += p->channels) {
    x = *sum;
    __asm__("smmlar %[x],%[x],%[m],%[c]\n" : [x] "+r"(x) : [m] "r"(multiplier), [c] "r"(constant + (x >> 31)));
    *to = tml_dw_clamp(p, x >> shift);
  }
}

TML_INLINE void tml_dw_finish_real(const tml_depthwise_3x3_dsp_params *p, const int32_t *sum, const uint32_t *stream, int8_t *to) {
  float f, scale;
  int32_t x;
  memcpy(&scale, stream + 6, sizeof scale);
  for (int32_t left = p->out_w; left > 0; left--, sum += p->stride, to += p->channels) {
    __asm__("vldr.32 %[f],[%[sum]]\n vcvt.f32.s32 %[f],%[f]\n vmul.f32 %[f],%[f],%[scale]\n vcvtr.s32.f32 %[f],%[f]\n vmov %[x],%[f]\n qadd %[x],%[x],%[zero]\n"
            : [f] "=&t"(f), [x] "=&r"(x) : [sum] "r"(sum), [scale] "t"(scale), [zero] "r"(stream[7]), "m"(*sum));
    *to = tml_dw_clamp(p, x);
  }
}

TML_INLINE void tml_depthwise_3x3(const tml_depthwise_3x3_dsp_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out, int is_real) {
  uint32_t *const plane = (uint32_t *)(void *)scratch;
  int32_t *const sums = (int32_t *)(void *)(scratch + p->sums);
  const int32_t channels = p->channels, columns = p->columns, pairs = (p->in_h + 3) / 2, row = p->in_w * channels;
  const int8_t border = (int8_t)p->zero_point;
  for (int32_t i = 0; i < pairs * columns; i++) plane[i] = (uint32_t)(uint16_t)border | ((uint32_t)(uint16_t)border << 16);
  for (int32_t c = 0; c < channels; c++, in++, out++, stream += is_real ? 8 : 9) {
    for (int32_t pair = 0; pair < pairs; pair++) {
      const int32_t above = 2 * pair - 1, has_above = above >= 0 && above < p->in_h, has_below = above + 1 < p->in_h;
      if (!has_above && !has_below) continue;
      tml_dw_gather(has_above ? in + above * row : &border, has_above ? channels : 0, has_below ? in + (above + 1) * row : &border, has_below ? channels : 0,
                    plane + pair * columns + 1, p->in_w);
    }
    const uint32_t turned[6] = {
      (stream[0] >> 16) | (stream[3] << 16), (stream[1] >> 16) | (stream[3] & 0xffff0000u), (stream[2] >> 16) | (stream[4] << 16),
      (stream[0] & 0xffffu) | (stream[1] << 16), stream[2] & 0xffffu, stream[5],
    };
    /* Rows of the plane that are the second of their pair, then those that are the first: as many at a time as there is room. */
    for (int32_t odd = 0; odd < 2; odd++) {
      const int32_t first = p->stride == 1 ? (odd + p->first_row) & 1 : 0, step = 3 - p->stride;
      if (p->stride == 2 && (p->first_row & 1) != odd) continue;
      for (int32_t oy = first; oy < p->out_h; oy += step * p->rows) {
        const int32_t rows = tml_min(p->rows, (p->out_h - oy + step - 1) / step);
        const uint32_t *const from = plane + ((p->first_row + oy * p->stride) >> 1) * columns;
        if (odd) tml_dw_odd_rows(turned, from, sums, 4 * columns, sums + rows * (columns - 2));
        else tml_dw_even_rows(stream, from, sums, 4 * columns, sums + rows * (columns - 2));
        for (int32_t i = 0; i < rows; i++) {
          const int32_t *const from_sum = sums + i * (columns - 2) + p->first_column;
          int8_t *const to = out + (oy + i * step) * p->out_w * channels;
          if (is_real) tml_dw_finish_real(p, from_sum, stream, to);
          else tml_dw_finish_signed(p, from_sum, stream, to);
        }
      }
    }
  }
}

#define TML_DEPTHWISE_3X3_DSP(name, is_real) \
  TML_SHARED void name(const tml_depthwise_3x3_dsp_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) { \
    tml_depthwise_3x3(p, in, stream, scratch, out, is_real); \
  }

#endif
