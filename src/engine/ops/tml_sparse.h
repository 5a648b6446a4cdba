/* Layers whose weights are mostly zero: a bit for each block of weights says whether it is stored. Convolutions without groups
   (NHWC, any stride, padding and dilation) and fully connected layers, which are 1x1 convolutions. Rows of weights
   [kernel_h][kernel_w][in] begin at a new byte of bits. */
#ifndef TML_SPARSE_H
#define TML_SPARSE_H

#include "tml_weighted.h"

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c, group;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left, depth;
  TML_RULE_MEMBERS;
} tml_sparse_params;

#define TML_PASS_F32 , bias
#define TML_PASS_REAL , bias, scale
#define TML_PASS_Q31 , bias, mantissa, shift
#define TML_PASS_WIDE TML_PASS_Q31
#define TML_PASS_EVEN , bias, scale
#define TML_PASS_EVEN_WIDE TML_PASS_EVEN

#define TML_SPARSE_TAP_(ACC, W, RULE, i) acc += (ACC)(x[i] - TML_OFFSET_##RULE(p)) * (ACC)TML_WEIGHT_##W(value, i)
/* Blocks of one weight, or of four neighbours. */
#define TML_SPARSE_BLOCK_1(ACC, W, RULE) TML_SPARSE_TAP_(ACC, W, RULE, 0)
#define TML_SPARSE_BLOCK_4(ACC, W, RULE) \
  TML_SPARSE_TAP_(ACC, W, RULE, 0); \
  TML_SPARSE_TAP_(ACC, W, RULE, 1); \
  TML_SPARSE_TAP_(ACC, W, RULE, 2); \
  TML_SPARSE_TAP_(ACC, W, RULE, 3)

/* All outputs of one row of inputs. */
#define TML_SPARSE_ROW(name, IN, ACC, W, OUT, RULE, BLOCK) \
  TML_KERNEL void name(const tml_sparse_params *p, const IN *row, const uint8_t *bits, const TML_WEIGHT_TYPE_##W *value TML_ARGS_##RULE, OUT *out) { \
    for (int32_t o = 0; o < p->out_c; o++) { \
      ACC acc = TML_START_##RULE(o); \
      for (int32_t k = 0; k < p->depth; k += 8 * (BLOCK)) { \
        const IN *x = row + k; \
        for (uint32_t set = TML_U8(bits++); set; set >>= 1, x += (BLOCK)) \
          if (set & 1) { \
            TML_SPARSE_BLOCK_##BLOCK(ACC, W, RULE); \
            value += (BLOCK); \
          } \
      } \
      *out++ = (OUT)TML_FINISH_##RULE(p, acc, o); \
    } \
  }

/* Every pixel, or row of a fully connected layer, is such a row. */
#define TML_SPARSE_PIXELS(name, IN, W, OUT, RULE, row_kernel) \
  TML_KERNEL void name(const tml_sparse_params *p, const IN *in, const uint8_t *bits, const TML_WEIGHT_TYPE_##W *value TML_ARGS_##RULE, OUT *out) { \
    for (int32_t left = p->batch * p->out_h * p->out_w; left > 0; left--, in += p->depth, out += p->out_c) row_kernel(p, in, bits, value TML_PASS_##RULE, out); \
  }

/* What a window covers is a row, gathered in scratch; padding is what adds nothing. */
#define TML_SPARSE_WINDOWS(name, IN, W, OUT, RULE, row_kernel) \
  TML_KERNEL void name(const tml_sparse_params *p, const IN *in, const uint8_t *bits, const TML_WEIGHT_TYPE_##W *value TML_ARGS_##RULE, uint8_t *scratch, OUT *out) { \
    IN *const row = (IN *)(void *)scratch; \
    for (int32_t b = 0; b < p->batch; b++, in += p->in_h * p->in_w * p->in_c) \
      for (int32_t oy = 0; oy < p->out_h; oy++) \
        for (int32_t ox = 0; ox < p->out_w; ox++, out += p->out_c) { \
          IN *to = row; \
          for (int32_t ky = 0; ky < p->kernel_h; ky++) \
            for (int32_t kx = 0; kx < p->kernel_w; kx++, to += p->in_c) { \
              const int32_t y = oy * p->stride_h - p->pad_top + ky * p->dilation_h, x = ox * p->stride_w - p->pad_left + kx * p->dilation_w; \
              const IN *pixel = in + (y * p->in_w + x) * p->in_c; \
              const int32_t inside = y >= 0 && y < p->in_h && x >= 0 && x < p->in_w; \
              for (int32_t c = 0; c < p->in_c; c++) to[c] = inside ? pixel[c] : (IN)TML_OFFSET_##RULE(p); \
            } \
          row_kernel(p, row, bits, value TML_PASS_##RULE, out); \
        } \
  }

#endif
