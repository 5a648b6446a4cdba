/* int8 convolution of NHWC images with any number of channels (first layers: 1, 3): the last kernel_h rows of the image are
   kept in scratch with their padding, so that every window is a run of bytes in each of them. Runs are read in words of four;
   what is left of each run is gathered behind them. */
#ifndef TML_CONV2D_ROWS_DSP_H
#define TML_CONV2D_ROWS_DSP_H

#include <string.h>

#include "tml_pixel_pair_dsp.h"

typedef struct {
  int32_t in_h, in_row, in_c, out_h, out_w, out_c; /* in_row: bytes of an image row */
  int32_t kernel_h, stride_h, stride_w, pad_top, pad_left, zero_point;
  int32_t row_bytes, row_words, row_rest; /* of a padded row; whole words of a window's row, and bytes left over */
  int32_t words, stream_words;            /* of a window, of the stream */
  int32_t rows, rest, spare;              /* bytes into scratch */
  tml_pixel_pair_function multiply;
} tml_conv2d_rows_dsp_params;

TML_INLINE void tml_conv2d_rows_dsp(const tml_conv2d_rows_dsp_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) {
  uint32_t *const pixels = (uint32_t *)(void *)scratch;
  int8_t *const rows = (int8_t *)scratch + p->rows;
  const int32_t rest_words = p->words - p->kernel_h * p->row_words;
  int8_t *const rest_a = (int8_t *)scratch + p->rest, *const rest_b = rest_a + 4 * rest_words;
  const tml_pixel_pair layer = {pixels, pixels + 4 * p->words, stream + p->stream_words, TML_PAIR_ENTRY(2 * p->words), stream};
  const int32_t run = 4 * p->row_words;
  int32_t next = -p->pad_top, oldest = 0;
  memset(rows, p->zero_point, (size_t)(p->kernel_h * p->row_bytes));
  for (int32_t oy = 0; oy < p->out_h; oy++) {
    for (; next < oy * p->stride_h - p->pad_top + p->kernel_h; next++) {
      int8_t *const row = rows + oldest * p->row_bytes + p->pad_left * p->in_c;
      if ((uint32_t)next < (uint32_t)p->in_h) memcpy(row, in + next * p->in_row, (size_t)p->in_row);
      else memset(row, p->zero_point, (size_t)p->in_row);
      if (++oldest == p->kernel_h) oldest = 0;
    }
    for (int32_t ox = 0; ox < p->out_w; ox += 2) {
      const int32_t both = ox + 1 < p->out_w, step = both ? p->stride_w * p->in_c : 0;
      const int8_t *row = rows + oldest * p->row_bytes + ox * p->stride_w * p->in_c;
      const int8_t *const end = rows + p->kernel_h * p->row_bytes;
      uint32_t *to = pixels;
      int8_t *a = rest_a, *b = rest_b;
      for (int32_t ky = p->kernel_h; ky > 0; ky--) {
        to = tml_widen_pair(row, row + step, to, p->row_words);
        for (int32_t i = 0; i < p->row_rest; i++) {
          *a++ = row[run + i];
          *b++ = row[run + step + i];
        }
        row += p->row_bytes;
        if (row >= end) row -= p->kernel_h * p->row_bytes;
      }
      if (rest_words) tml_widen_pair(rest_a, rest_b, to, rest_words);
      tml_multiply_pair(p->multiply, &layer, p->out_c, (int8_t *)scratch + p->spare, out, both);
      out += (1 + both) * p->out_c;
    }
  }
}

#endif
