/* int8 convolution of NHWC images whose channels come in fours: the windows of two pixels side by side are widened straight
   from the image, then multiplied. Taps outside of the image read a row of zero points. */
#ifndef TML_CONV2D_DSP_H
#define TML_CONV2D_DSP_H

#include "tml_pixel_pair_dsp.h"

typedef struct {
  int32_t in_h, in_w, in_c, out_h, out_w, out_c;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  int32_t words, stream_words, spare; /* of a window, of the stream; where channels not in fours go, bytes into scratch */
  tml_pixel_pair_function multiply;
} tml_conv2d_dsp_params;

/* padding: zero points, kernel_w * in_c of them. */
TML_SHARED void tml_conv2d_dsp(const tml_conv2d_dsp_params *p, const int8_t *in, const uint32_t *stream, const int8_t *padding, uint8_t *scratch,
                               int8_t *out) {
  uint32_t *const pixels = (uint32_t *)(void *)scratch;
  const tml_pixel_pair layer = {pixels, pixels + 4 * p->words, stream + p->stream_words, TML_PAIR_ENTRY(2 * p->words), stream};
  const int32_t in_c = p->in_c, in_w = p->in_w, kernel_w = p->kernel_w, row_words = kernel_w * in_c >> 2;
  for (int32_t oy = 0; oy < p->out_h; oy++) {
    for (int32_t ox = 0; ox < p->out_w; ox += 2) {
      const int32_t both = ox + 1 < p->out_w, step = both ? p->stride_w : 0;
      const int32_t x = ox * p->stride_w - p->pad_left, is_inside = x >= 0 && x + step + kernel_w <= in_w;
      int32_t y = oy * p->stride_h - p->pad_top;
      int32_t at = (y * in_w + x) * in_c;
      uint32_t *to = pixels;
      for (int32_t ky = p->kernel_h; ky > 0; ky--, y++, at += in_w * in_c) {
        if ((uint32_t)y >= (uint32_t)p->in_h) {
          to = tml_widen_pair(padding, padding, to, row_words);
        } else if (is_inside) {
          to = tml_widen_pair(in + at, in + at + step * in_c, to, row_words);
        } else {
          for (int32_t kx = 0; kx < kernel_w; kx++) {
            const int8_t *const a = (uint32_t)(x + kx) < (uint32_t)in_w ? in + at + kx * in_c : padding;
            const int8_t *const b = (uint32_t)(x + step + kx) < (uint32_t)in_w ? in + at + (step + kx) * in_c : padding;
            to = tml_widen_pair(a, b, to, in_c >> 2);
          }
        }
      }
      tml_multiply_pair(p->multiply, &layer, p->out_c, (int8_t *)scratch + p->spare, out, both);
      out += (1 + both) * p->out_c;
    }
  }
}

#endif
