/* Logistic and tanh of int16 codes as TFLite's int16 kernels compute them, by one table of 256 samples of the logistic
   function: results are Q0.15. */
#ifndef TML_FUNCTIONS_Q15_H
#define TML_FUNCTIONS_Q15_H

#include "tml_base.h"

/* The argument in steps of 1/(3 * 2^12): code * multiplier / 2^shift, or code * 3 * 2^shift where multiplier is 0. */
TML_INLINE int32_t tml_argument_q15(int32_t code, int32_t multiplier, int32_t shift) {
  if (multiplier == 0) return code * 3 * ((int32_t)1 << shift);
  return (code * multiplier + (shift > 0 ? (int32_t)1 << (shift - 1) : 0)) >> shift;
}

TML_INLINE int32_t tml_logistic_q15(int32_t x, const uint16_t *table) {
  const int32_t size = x < 0 ? -x : x, index = size >> 9;
  int32_t value = (int32_t)0x7fff * 1024;
  if (index < 255) {
    const int32_t sample = TML_U16(table + index);
    value = sample * 512 + (size & 511) * ((int32_t)TML_U16(table + index + 1) - sample);
  }
  return (x >= 0 ? value + 512 : ((int32_t)1 << 25) - value + 511) >> 10;
}

TML_INLINE int32_t tml_tanh_q15(int32_t x, const uint16_t *table) {
  const int32_t size = x < 0 ? -x : x, index = size >> 8;
  int32_t value = (int32_t)0xffff * 256;
  if (index < 255) {
    const int32_t sample = TML_U16(table + index);
    value = sample * 256 + (size & 255) * ((int32_t)TML_U16(table + index + 1) - sample);
  }
  return (x >= 0 ? value - ((int32_t)1 << 23) + 128 : ((int32_t)1 << 23) - value + 127) >> 8;
}

#endif
