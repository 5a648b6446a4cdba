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
    return `${each(inputs, (i) => `    if (read_bytes(${name}_input_${i}(&model_${index}), ${upper}_INPUT_${i}_BYTES) != ${upper}_INPUT_${i}_BYTES) ${end}`)}
    ${timed(`if (${name}_run(&model_${index})) return 3;`)}
${each(outputs, (i) => `    write_bytes(${name}_output_${i}(&model_${index}), ${upper}_OUTPUT_${i}_BYTES);`)}`;
  };
  return `${head}
${models.map(({ emitted: { name } }, i) => `#include "${name}.h"\nstatic ${name}_model model_${i};`).join('\n')}
int main(void) {
${models.map(({ emitted: { name } }, i) => `  if (${name}_init(&model_${i})) return 2;`).join('\n')}
  for (;;) {
${models.map(body).join('\n')}
  }
}
`;
}

/** Files of all models; kernel headers, which they share, once. */
export const filesOf = (models: readonly CModel[]): ReadonlyMap<string, string> => new Map(models.flatMap(({ emitted }) => emitted.files.map((file) => [file.path, file.text] as const)));
