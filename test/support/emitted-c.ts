import type { EmittedModel } from '../../src/engine/codegen/emit';

/** A generated model and how many tensors go in and out. */
export interface CModel {
  readonly emitted: EmittedModel;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * A program that reads the inputs of one run of each model, one after another, and writes their outputs, until nothing more
 * comes. `read` and `write` are C functions (pointer, bytes); `read` gives the bytes read. `timed` surrounds a run.
 */
export function mainOf(models: readonly CModel[], head: string, end: string, timed: (run: string) => string = (run) => run): string {
  const each = (count: number, text: (i: number) => string): string => Array.from({ length: count }, (_, i) => text(i)).join('\n');
  const body = ({ emitted: { name }, inputs, outputs }: CModel, index: number): string => {
    const upper = name.toUpperCase();
    return `${each(inputs, (i) => `#ifdef ${upper}_INPUT_${i}_ROWS
    if (read_bytes(rows_${index}, sizeof rows_${index}) != sizeof rows_${index}) ${end}
#else
    if (read_bytes(${name}_input_${i}(&model_${index}), ${upper}_INPUT_${i}_BYTES) != ${upper}_INPUT_${i}_BYTES) ${end}
#endif`)}
    ${timed(`if (run_${index}()) return 3;`)}
${each(outputs, (i) => `    write_bytes(${name}_output_${i}(&model_${index}), ${upper}_OUTPUT_${i}_BYTES);`)}`;
  };
  return `${head}
${models.map(({ emitted: { name } }, i) => `#include "${name}.h"\nstatic ${name}_model model_${i};`).join('\n')}
${models.map(runOf).join('')}int main(void) {
${models.map(({ emitted: { name } }, i) => `  if (${name}_init(&model_${i})) return 2;`).join('\n')}
  for (;;) {
${models.map(body).join('\n')}
  }
}
`;
}

/** Runs a model; one that takes an input by rows once through a reader, the next time line by line. */
function runOf({ emitted: { name }, inputs }: CModel, index: number): string {
  const upper = name.toUpperCase();
  const byRows = Array.from({ length: inputs }, (_, i) => `#ifdef ${upper}_INPUT_${i}_ROWS
#define ROW_BYTES ${upper}_INPUT_${i}_ROW_BYTES
static uint8_t rows_${index}[${upper}_INPUT_${i}_BYTES];
static int copy_rows_${index}(void *source, void *rows, int32_t first, int32_t count) {
  for (int32_t i = 0; i < count * ROW_BYTES; i++) ((uint8_t *)rows)[i] = ((uint8_t *)source)[first * ROW_BYTES + i];
  return 0;
}
static int run_${index}(void) {
  static int times;
  int32_t first, count;
  int result = ${upper}_MORE_ROWS;
  if (times++ % 2) {
    ${name}_read_rows_with(&model_${index}, (${name}_row_reader)copy_rows_${index}, rows_${index});
    return ${name}_run(&model_${index});
  }
  while (result == ${upper}_MORE_ROWS) {
    void *const rows = ${name}_next_rows(&model_${index}, &first, &count);
    copy_rows_${index}(rows_${index}, rows, first, count);
    result = ${name}_run_rows(&model_${index});
  }
  return result;
}
#undef ROW_BYTES
#define HAS_ROWS_${index}
#endif
`);
  return `${byRows.join('')}#ifndef HAS_ROWS_${index}
static int run_${index}(void) { return ${name}_run(&model_${index}); }
#endif
`;
}

/** Files of all models; kernel headers, which they share, once. */
export const filesOf = (models: readonly CModel[]): ReadonlyMap<string, string> => new Map(models.flatMap(({ emitted }) => emitted.files.map((file) => [file.path, file.text] as const)));
