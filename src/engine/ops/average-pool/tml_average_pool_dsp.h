/* int8 mean under a window, NHWC, channels in fours, at most 256 pixels under a window: 16-bit lanes add four channels at a
   time. Rounded as tml_average_pool_q31_s8.h. */
#ifndef TML_AVERAGE_POOL_DSP_H
#define TML_AVERAGE_POOL_DSP_H

#include "tml_average_pool_q31_s8.h"
#include "tml_dsp.h"

TML_SHARED void tml_average_pool_dsp(const tml_average_pool_q31_s8_params *p, const int8_t *in, int8_t *out) {
  for (int32_t oy = 0; oy < p->out_h; oy++) {
    const int32_t y0 = tml_max(oy * p->stride_h - p->pad_top, 0), y1 = tml_min(oy * p->stride_h - p->pad_top + p->kernel_h, p->in_h);
    for (int32_t ox = 0; ox < p->out_w; ox++) {
      const int32_t x0 = tml_max(ox * p->stride_w - p->pad_left, 0), x1 = tml_min(ox * p->stride_w - p->pad_left + p->kernel_w, p->in_w);
      const int32_t taps = (y1 - y0) * (x1 - x0), count = p->count_padding ? p->kernel_h * p->kernel_w : taps;
      for (int32_t c = 0; c < p->channels; c += 4, out += 4) {
        uint32_t even = 0, odd = 0, four;
        for (int32_t y = y0; y < y1; y++) {
          const int8_t *at = in + (y * p->in_w + x0) * p->channels + c;
          for (int32_t x = x1 - x0; x > 0; x--)
            __asm__ volatile("ldr %[four],[%[at]]\n add %[at],%[at],%[step]\n sxtab16 %[even],%[even],%[four]\n sxtab16 %[odd],%[odd],%[four],ror #8\n"
                             : [at] "+r"(at), [even] "+r"(even), [odd] "+r"(odd), [four] "=&r"(four) : [step] "r"(p->channels) : "memory");
        }
        const int16_t sums[4] = {(int16_t)even, (int16_t)odd, (int16_t)(even >> 16), (int16_t)(odd >> 16)};
        for (int32_t i = 0; i < 4; i++) {
          const int32_t code = tml_mean_code(sums[i] + (count - taps) * p->zero_point, count);
          out[i] = (int8_t)(code < p->low ? p->low : code > p->high ? p->high : code);
        }
      }
    }
  }
}

#endif
