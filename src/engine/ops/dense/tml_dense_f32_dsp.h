/* float32 fully connected layer on cores with an FPU: four outputs times four inputs at a time; inputs come in fours.

   Stream, for each four outputs: { bias } of each, { weight k of outputs 0 to 3 } for each k. */
#ifndef TML_DENSE_F32_DSP_H
#define TML_DENSE_F32_DSP_H

#include "tml_four_pixels_f32.h"

typedef struct {
  int32_t rows, depth, outputs, stream_floats;
  float low, high;
} tml_dense_f32_dsp_params;

/* r0 inputs, r1 out, r2 stream, r3 its end, r5 inputs, r6 their end. */
TML_NAKED_F32 void tml_dense_row_f32(const float *in TML_UNUSED_F32, const float *in_end TML_UNUSED_F32, const float *stream TML_UNUSED_F32, const float *stream_end TML_UNUSED_F32, float *out TML_UNUSED_F32) {
  __asm__ volatile(
    ".syntax unified\n push {r4-r6,lr}\n vpush {s16-s31}\n mov r5,r0\n mov r6,r1\n ldr r1,[sp,#80]\n"
    "1: vldmia r2!,{s0-s3}\n mov r0,r5\n"
    "2: vldmia r0!,{s4-s7}\n vldmia r2!,{s16-s31}\n"
    TML_FMA_(0, 4, 16) TML_FMA_(1, 4, 17) TML_FMA_(2, 4, 18) TML_FMA_(3, 4, 19) TML_FMA_(0, 5, 20) TML_FMA_(1, 5, 21) TML_FMA_(2, 5, 22) TML_FMA_(3, 5, 23)
    TML_FMA_(0, 6, 24) TML_FMA_(1, 6, 25) TML_FMA_(2, 6, 26) TML_FMA_(3, 6, 27) TML_FMA_(0, 7, 28) TML_FMA_(1, 7, 29) TML_FMA_(2, 7, 30) TML_FMA_(3, 7, 31)
    " cmp r0,r6\n bne 2b\n vstmia r1!,{s0-s3}\n cmp r2,r3\n bne 1b\n vpop {s16-s31}\n pop {r4-r6,pc}\n");
}

/* Outputs that do not come in fours: up to three floats behind a row are written, and replaced by the next row. */
TML_INLINE void tml_dense_f32_dsp(const tml_dense_f32_dsp_params *p, const float *in, const float *stream, float *out) {
  for (int32_t row = 0; row < p->rows; row++, in += p->depth, out += p->outputs) {
    tml_dense_row_f32(in, in + p->depth, stream, stream + p->stream_floats, out);
    if (p->low > -INFINITY || p->high < INFINITY) for (int32_t i = 0; i < p->outputs; i++) out[i] = tml_clamp_f32(out[i], p->low, p->high);
  }
}

#endif
