/* Calls of Arm's CMSIS-NN, version 6 or later: its library has to be linked. Each returns 0, or 1 where CMSIS-NN refuses the layer
   or wants more scratch memory than was planned for it. */
#ifndef TML_CMSIS_NN_H
#define TML_CMSIS_NN_H

#include "arm_nnfunctions.h"
#include "tml_base.h"

#if defined(CMSIS_NN_USE_SINGLE_ROUNDING)
#error "The model rounds twice: compile CMSIS-NN without CMSIS_NN_USE_SINGLE_ROUNDING"
#endif

/* Its structs want pointers to multipliers that are not const; it does not write them. */
#define TML_CMSIS_POINTER_(p) ((int32_t *)(uintptr_t)(p))

typedef struct {
  int32_t batch, in_h, in_w, in_c, out_h, out_w, out_c;
  int32_t kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  int32_t in_zero_point, out_zero_point, low, high, scratch_bytes;
} tml_cmsis_conv_params;

/* Weights [out][kernel_h][kernel_w][in]. */
TML_INLINE int tml_cmsis_conv_s8(const tml_cmsis_conv_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa,
                                 const int32_t *shift, uint8_t *scratch, int8_t *out) {
  const cmsis_nn_context context = {scratch, p->scratch_bytes};
  const cmsis_nn_conv_params conv = {-p->in_zero_point, p->out_zero_point, {p->stride_w, p->stride_h}, {p->pad_left, p->pad_top}, {p->dilation_w, p->dilation_h}, {p->low, p->high}};
  const cmsis_nn_per_channel_quant_params multipliers = {TML_CMSIS_POINTER_(mantissa), TML_CMSIS_POINTER_(shift)};
  const cmsis_nn_dims from = {p->batch, p->in_h, p->in_w, p->in_c}, filter = {p->out_c, p->kernel_h, p->kernel_w, p->in_c};
  const cmsis_nn_dims biases = {1, 1, 1, p->out_c}, to = {p->batch, p->out_h, p->out_w, p->out_c};
  if (arm_convolve_wrapper_s8_get_buffer_size(&conv, &from, &filter, &to) > p->scratch_bytes) return 1;
  return arm_convolve_wrapper_s8(&context, &conv, &multipliers, &from, in, &filter, weights, &biases, bias, &to, out) != ARM_CMSIS_NN_SUCCESS;
}

/* Weights [kernel_h][kernel_w][out]. */
TML_INLINE int tml_cmsis_depthwise_s8(const tml_cmsis_conv_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa,
                                      const int32_t *shift, uint8_t *scratch, int8_t *out) {
  const cmsis_nn_context context = {scratch, p->scratch_bytes};
  const cmsis_nn_dw_conv_params conv = {
    -p->in_zero_point, p->out_zero_point, p->out_c / p->in_c, {p->stride_w, p->stride_h}, {p->pad_left, p->pad_top}, {p->dilation_w, p->dilation_h}, {p->low, p->high}};
  const cmsis_nn_per_channel_quant_params multipliers = {TML_CMSIS_POINTER_(mantissa), TML_CMSIS_POINTER_(shift)};
  const cmsis_nn_dims from = {p->batch, p->in_h, p->in_w, p->in_c}, filter = {1, p->kernel_h, p->kernel_w, p->out_c};
  const cmsis_nn_dims biases = {1, 1, 1, p->out_c}, to = {p->batch, p->out_h, p->out_w, p->out_c};
  if (arm_depthwise_conv_wrapper_s8_get_buffer_size(&conv, &from, &filter, &to) > p->scratch_bytes) return 1;
  return arm_depthwise_conv_wrapper_s8(&context, &conv, &multipliers, &from, in, &filter, weights, &biases, bias, &to, out) != ARM_CMSIS_NN_SUCCESS;
}

typedef struct {
  int32_t rows, depth, outputs, in_zero_point, out_zero_point, low, high, per_channel, scratch_bytes;
} tml_cmsis_dense_params;

TML_INLINE int tml_cmsis_dense_s8(const tml_cmsis_dense_params *p, const int8_t *in, const int8_t *weights, const int32_t *bias, const int32_t *mantissa,
                                  const int32_t *shift, uint8_t *scratch, int8_t *out) {
  const cmsis_nn_context context = {scratch, p->scratch_bytes};
  const cmsis_nn_fc_params dense = {-p->in_zero_point, 0, p->out_zero_point, {p->low, p->high}};
  const cmsis_nn_quant_params multipliers = {TML_CMSIS_POINTER_(mantissa), TML_CMSIS_POINTER_(shift), p->per_channel};
  const cmsis_nn_dims from = {p->rows, 1, 1, p->depth}, filter = {p->depth, 1, 1, p->outputs}, biases = {1, 1, 1, p->outputs}, to = {p->rows, 1, 1, p->outputs};
  if (arm_fully_connected_s8_get_buffer_size(&filter) > p->scratch_bytes) return 1;
#if defined(ARM_MATH_MVEI)
  if (arm_vector_sum_s8((int32_t *)(void *)scratch, p->depth, p->outputs, weights, dense.input_offset, 0, bias) != ARM_CMSIS_NN_SUCCESS) return 1;
#endif
  return arm_fully_connected_wrapper_s8(&context, &dense, &multipliers, &from, in, &filter, weights, &biases, bias, &to, out) != ARM_CMSIS_NN_SUCCESS;
}

typedef struct {
  int32_t batch, in_h, in_w, channels, out_h, out_w;
  int32_t kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, low, high, scratch_bytes;
} tml_cmsis_pool_params;

#define TML_CMSIS_POOL_(p) \
  const cmsis_nn_context context = {scratch, (p)->scratch_bytes}; \
  const cmsis_nn_pool_params pool = {{(p)->stride_w, (p)->stride_h}, {(p)->pad_left, (p)->pad_top}, {(p)->low, (p)->high}}; \
  const cmsis_nn_dims from = {(p)->batch, (p)->in_h, (p)->in_w, (p)->channels}, filter = {1, (p)->kernel_h, (p)->kernel_w, 1}; \
  const cmsis_nn_dims to = {(p)->batch, (p)->out_h, (p)->out_w, (p)->channels};

TML_INLINE int tml_cmsis_average_pool_s8(const tml_cmsis_pool_params *p, const int8_t *in, uint8_t *scratch, int8_t *out) {
  TML_CMSIS_POOL_(p)
  if (arm_avgpool_s8_get_buffer_size(p->out_w, p->channels) > p->scratch_bytes) return 1;
  return arm_avgpool_s8(&context, &pool, &from, in, &filter, &to, out) != ARM_CMSIS_NN_SUCCESS;
}

TML_INLINE int tml_cmsis_max_pool_s8(const tml_cmsis_pool_params *p, const int8_t *in, uint8_t *scratch, int8_t *out) {
  TML_CMSIS_POOL_(p)
  return arm_max_pool_s8(&context, &pool, &from, in, &filter, &to, out) != ARM_CMSIS_NN_SUCCESS;
}

typedef struct {
  int32_t elements, a_zero_point, a_mantissa, a_shift, b_zero_point, b_mantissa, b_shift, out_zero_point, mantissa, shift, low, high;
} tml_cmsis_add_params;

TML_INLINE int tml_cmsis_add_s8(const tml_cmsis_add_params *p, const int8_t *a, const int8_t *b, int8_t *out) {
  return arm_elementwise_add_s8(a, b, -p->a_zero_point, p->a_mantissa, p->a_shift, -p->b_zero_point, p->b_mantissa, p->b_shift, 20, out, p->out_zero_point, p->mantissa,
                                p->shift, p->low, p->high, p->elements) != ARM_CMSIS_NN_SUCCESS;
}

typedef struct {
  int32_t rows, depth, mantissa, shift, smallest;
} tml_cmsis_softmax_params;

TML_INLINE int tml_cmsis_softmax_s8(const tml_cmsis_softmax_params *p, const int8_t *in, int8_t *out) {
  arm_softmax_s8(in, p->rows, p->depth, p->mantissa, p->shift, p->smallest, out);
  return 0;
}

#endif
