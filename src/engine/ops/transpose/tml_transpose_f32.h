/* float tensor with its axes in another order; up to four axes, extents and input strides in output order. */
#ifndef TML_TRANSPOSE_F32_H
#define TML_TRANSPOSE_F32_H

#include "tml_base.h"

#ifndef TML_TRANSPOSE_PARAMS
#define TML_TRANSPOSE_PARAMS
typedef struct {
  int32_t extent_0, stride_0, extent_1, stride_1, extent_2, stride_2, extent_3, stride_3;
} tml_transpose_params;
#endif

TML_KERNEL void tml_transpose_f32(const tml_transpose_params *p, const float *in, float *out) {
  for (int32_t i = 0; i < p->extent_0; i++)
    for (int32_t j = 0; j < p->extent_1; j++)
      for (int32_t k = 0; k < p->extent_2; k++)
        for (int32_t l = 0; l < p->extent_3; l++) *out++ = in[i * p->stride_0 + j * p->stride_1 + k * p->stride_2 + l * p->stride_3];
}

#endif
