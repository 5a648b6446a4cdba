/* int8 convolution of NHWC images with Helium: the windows of two pixels side by side are copied one after another into
   scratch, then multiplied. */
#ifndef TML_CONV2D_MVE_H
#define TML_CONV2D_MVE_H

#include "tml_pixel_pair_mve.h"

typedef struct {
  int32_t in_h, in_w, in_c, out_h, out_w, out_c;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left;
  int32_t padding, bytes, stream_words, zero_point, low, high; /* the input's zero point; a window in sixteens; clamps less the output's */
  tml_pixel_pair_mve_function multiply;
} tml_conv2d_mve_params;

TML_INLINE int8_t *tml_copy_mve(int8_t *to, const int8_t *from, int32_t bytes) {
  __asm__ volatile("wlstp.8 lr,%[n],2f\n1: vldrb.8 q0,[%[from]],#16\n vstrb.8 q0,[%[to]],#16\n letp lr,1b\n2:" : [to] "+r"(to), [from] "+r"(from) : [n] "r"(bytes) : "lr", "q0", "memory");
  return to - (-bytes & 15);
}
TML_INLINE int8_t *tml_fill_mve(int8_t *to, int32_t value, int32_t bytes) {
  __asm__ volatile("vdup.8 q0,%[v]\n wlstp.8 lr,%[n],2f\n1: vstrb.8 q0,[%[to]],#16\n letp lr,1b\n2:" : [to] "+r"(to) : [v] "r"(value), [n] "r"(bytes) : "lr", "q0", "memory");
  return to - (-bytes & 15);
}

/* The window at (y, x) of the image, zero points where it lies outside. */
TML_INLINE void tml_window_mve(const tml_conv2d_mve_params *p, const int8_t *in, int32_t y, int32_t x, int8_t *to) {
  const int32_t left = tml_min(tml_max(-x, 0), p->kernel_w), right = tml_min(tml_max(x + p->kernel_w - p->in_w, 0), p->kernel_w - left);
  const int32_t row = p->in_w * p->in_c, inside = (p->kernel_w - left - right) * p->in_c;
  const int8_t *from = in + (y * p->in_w + x + left) * p->in_c;
  for (int32_t ky = 0; ky < p->kernel_h; ky++, from += row) {
    if ((uint32_t)(y + ky) >= (uint32_t)p->in_h) {
      to = tml_fill_mve(to, p->padding, p->kernel_w * p->in_c);
    } else if (inside == p->kernel_w * p->in_c) {
      to = tml_copy_mve(to, from, inside);
    } else {
      to = tml_copy_mve(tml_fill_mve(to, p->padding, left * p->in_c), from, inside);
      to = tml_fill_mve(to, p->padding, right * p->in_c);
    }
  }
}

/* scratch: two windows, then two pixels of results where channels do not come in fours. */
TML_SHARED void tml_conv2d_mve(const tml_conv2d_mve_params *p, const int8_t *in, const uint32_t *stream, uint8_t *scratch, int8_t *out) {
  int8_t *const a = (int8_t *)scratch, *const b = a + p->bytes;
  const tml_layer_mve layer = {stream + p->stream_words, p->zero_point, (uint32_t)p->bytes, p->low, stream, p->high};
  for (int32_t oy = 0, y = -p->pad_top; oy < p->out_h; oy++, y += p->stride_h) {
    for (int32_t ox = 0, x = -p->pad_left; ox < p->out_w; ox += 2, x += 2 * p->stride_w) {
      const int32_t both = ox + 1 < p->out_w;
      tml_window_mve(p, in, y, x, a);
      if (both) tml_window_mve(p, in, y, x + p->stride_w, b);
      tml_multiply_pair_mve(p->multiply, &layer, a, both ? b : a, p->out_c, b + p->bytes, out, both);
      out += (1 + both) * p->out_c;
    }
  }
}

#endif
