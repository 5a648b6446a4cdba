/* int8 1x1 convolution of NHWC pixels with Helium, two at a time and straight from the image. */
#ifndef TML_POINTWISE_MVE_H
#define TML_POINTWISE_MVE_H

#include "tml_pixel_pair_mve.h"

typedef struct {
  int32_t pixels, in_c, out_c, bytes, stream_words, zero_point, low, high; /* clamps less the zero point */
  tml_pixel_pair_mve_function multiply;
} tml_pointwise_mve_params;

TML_INLINE void tml_pointwise_pairs_mve(const tml_pointwise_mve_params *p, const int8_t *in, const uint32_t *stream, int8_t *spare, int8_t *out) {
  const tml_layer_mve layer = {stream + p->stream_words, p->zero_point, (uint32_t)p->bytes, p->low, stream, p->high};
  for (int32_t left = p->pixels; left > 0; left -= 2) {
    const int8_t *const other = left > 1 ? in + p->in_c : in;
    tml_multiply_pair_mve(p->multiply, &layer, in, other, p->out_c, spare, out, left > 1);
    in = other + p->in_c;
    out += 2 * p->out_c;
  }
}

/* Channels in fours. */
TML_SHARED void tml_pointwise_mve(const tml_pointwise_mve_params *p, const int8_t *in, const uint32_t *stream, int8_t *out) {
  tml_pointwise_pairs_mve(p, in, stream, out, out);
}

/* Other channels: scratch takes two pixels of results. */
TML_SHARED void tml_pointwise_spare_mve(const tml_pointwise_mve_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) {
  tml_pointwise_pairs_mve(p, in, stream, (int8_t *)scratch, out);
}

#endif
