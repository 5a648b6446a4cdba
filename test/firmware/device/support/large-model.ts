import type { FirmwareFile, FirmwareModel } from '../../../../src/device/firmware/project';

/** A model of two inputs and two outputs of any size: each output byte is a sum over the inputs that depends on its place. */
export interface LargeModel {
  readonly model: FirmwareModel;
  readonly files: readonly FirmwareFile[];
  readonly inputBytes: number;
  readonly outputBytes: number;
  expected(input: Uint8Array): Uint8Array;
}

export function largeModel(inputs: readonly [number, number], outputs: readonly [number, number]): LargeModel {
  const inputBytes = inputs[0] + inputs[1];
  const outputBytes = outputs[0] + outputs[1];
  const header = `#ifndef LARGE_H
#define LARGE_H
#include <stdint.h>
#define LARGE_ARENA_BYTES ${inputBytes + outputBytes}
#define LARGE_INPUT_COUNT 2
#define LARGE_OUTPUT_COUNT 2
#define LARGE_INPUT_0_BYTES ${inputs[0]}
#define LARGE_INPUT_1_BYTES ${inputs[1]}
#define LARGE_OUTPUT_0_BYTES ${outputs[0]}
#define LARGE_OUTPUT_1_BYTES ${outputs[1]}
#define LARGE_MODEL_HASH 7u
typedef struct { uint8_t in0[${inputs[0]}]; uint8_t out1[${outputs[1]}]; uint8_t in1[${inputs[1]}]; uint8_t out0[${outputs[0]}]; uint8_t runs; } large_model;
int large_init(large_model *model);
int large_run(large_model *model);
uint8_t *large_input_0(large_model *model);
uint8_t *large_input_1(large_model *model);
const uint8_t *large_output_0(const large_model *model);
const uint8_t *large_output_1(const large_model *model);
#endif
`;
  const source = `#include "large.h"
#include <string.h>
static uint8_t in(const large_model *m, uint32_t i) { return i < sizeof m->in0 ? m->in0[i] : m->in1[i - sizeof m->in0]; }
int large_init(large_model *model) { memset(model, 0, sizeof *model); return 0; }
int large_run(large_model *model) {
  uint32_t i;
  for (i = 0; i < ${outputBytes}u; i++) {
    uint8_t value = (uint8_t)(3 * in(model, i % ${inputBytes}u) + in(model, ${inputBytes - 1}u - i % ${inputBytes}u) + i);
    if (i < sizeof model->out0) model->out0[i] = value;
    else model->out1[i - sizeof model->out0] = value;
  }
  return 0;
}
uint8_t *large_input_0(large_model *model) { return model->in0; }
uint8_t *large_input_1(large_model *model) { return model->in1; }
const uint8_t *large_output_0(const large_model *model) { return model->out0; }
const uint8_t *large_output_1(const large_model *model) { return model->out1; }
`;
  return {
    model: { name: 'large', inputs: 2, outputs: 2 },
    files: [{ path: 'large.h', text: header }, { path: 'large.c', text: source }],
    inputBytes,
    outputBytes,
    expected: (input) => Uint8Array.from({ length: outputBytes }, (_, i) => 3 * input[i % inputBytes] + input[inputBytes - 1 - (i % inputBytes)] + i),
  };
}
