/* int8 1x1 convolution of NHWC pixels, two at a time. The output may lie over the input where it never overtakes it. */
#ifndef TML_POINTWISE_DSP_H
#define TML_POINTWISE_DSP_H

#include "tml_pixel_pair_dsp.h"

typedef struct {
  int32_t pixels, in_c, out_c;
  int32_t words, stream_words, spare; /* of a pixel, of the stream; where channels not in fours go, bytes into scratch */
  tml_pixel_pair_function multiply;
} tml_pointwise_dsp_params;

TML_SHARED void tml_pointwise_dsp(const tml_pointwise_dsp_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) {
  uint32_t *const pixels = (uint32_t *)(void *)scratch;
  const tml_pixel_pair layer = {pixels, pixels + 4 * p->words, stream + p->stream_words, TML_PAIR_ENTRY(2 * p->words), stream};
  for (int32_t left = p->pixels; left > 0; left -= 2) {
    const int8_t *const other = left > 1 ? in + p->in_c : in;
    tml_widen_pair(in, other, pixels, p->words);
    tml_multiply_pair(p->multiply, &layer, p->out_c, (int8_t *)scratch + p->spare, out, left > 1);
    in = other + p->in_c;
    out += 2 * p->out_c;
  }
}

#endif
