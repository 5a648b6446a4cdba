import type { FirmwareFile, FirmwareModel } from '../../../../src/device/firmware/project';

/**
 * A hand-written model in the generated C's contract (DESIGN section 6): 8 int8 in, 4 int8 out,
 * out[i] = saturate(2 * in[i] + in[i + 4]). Its input and output share bytes of the arena, as planned ones do.
 */
export const fakeModel: FirmwareModel = { name: 'twice', inputs: 1, outputs: 1 };
export const fakeModelHash = 0xc0ffee42;

export const fakeModelFiles: readonly FirmwareFile[] = [
  {
    path: 'twice.h',
    text: `#ifndef TWICE_H
#define TWICE_H
#include <stdint.h>
#define TWICE_ARENA_BYTES 8
#define TWICE_INPUT_COUNT 1
#define TWICE_OUTPUT_COUNT 1
#define TWICE_INPUT_0_ELEMENTS 8
#define TWICE_INPUT_0_BYTES 8
#define TWICE_OUTPUT_0_BYTES 4
#define TWICE_MODEL_HASH 0xc0ffee42u
typedef struct { int8_t arena[TWICE_ARENA_BYTES]; } twice_model;
int twice_init(twice_model *model);
int twice_run(twice_model *model);
int8_t *twice_input_0(twice_model *model);
const int8_t *twice_output_0(const twice_model *model);
#endif
`,
  },
  {
    path: 'twice.c',
    text: `#include "twice.h"
#include <string.h>
int twice_init(twice_model *model) { memset(model, 0, sizeof *model); return 0; }
int twice_run(twice_model *model) {
  int i;
  for (i = 0; i < 4; i++) {
    int sum = 2 * model->arena[i] + model->arena[i + 4];
    model->arena[i] = (int8_t)(sum > 127 ? 127 : sum < -128 ? -128 : sum);
  }
  return 0;
}
int8_t *twice_input_0(twice_model *model) { return model->arena; }
const int8_t *twice_output_0(const twice_model *model) { return model->arena; }
`,
  },
];

export function fakeModelOutput(input: Int8Array): Int8Array {
  return Int8Array.from({ length: 4 }, (_, i) => Math.max(-128, Math.min(127, 2 * input[i] + input[i + 4])));
}

/** Inputs with extremes first, then pseudo-random ones: the same in every run. */
export function fakeInputs(count: number): Int8Array[] {
  let state = 12345;
  const next = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) >> 16;
  return Array.from({ length: count }, (_, k) => Int8Array.from({ length: 8 }, (_, i) => (k === 0 ? 127 : k === 1 ? -128 : k === 2 ? 0 : next() + i)));
}
