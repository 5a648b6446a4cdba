import { dtypes, elementCount, typeBytes } from '../ir/dtype';
import type { NodeId, StaticType } from '../ir/types';
import { cArray, cNumber } from './c-text';
import type { NamedLayer } from './named-layers';
import type { Program } from './program';

/** An input that the caller hands over row by row while the model runs. */
export interface RowInput {
  /** Index among the inputs. */
  readonly index: number;
  readonly type: StaticType;
  readonly rows: number;
  readonly parts: readonly RowPart[];
}

/** Rows first to first + count - 1: where they go, and what waits for them. */
export interface RowPart {
  readonly node: NodeId;
  readonly first: number;
  readonly count: number;
  readonly offset: number;
}

/** Undefined where all inputs lie in the arena as a whole. */
export function rowInputOf({ model, steps, addressOf }: Program): RowInput | undefined {
  const waiting = steps.filter(({ op }) => op.isHandedOver);
  if (!waiting.length) return undefined;
  const index = model.graph.inputs.indexOf(waiting[0].node.inputs[0]!);
  const type = waiting[0].view.staticType(0);
  const parts = waiting.map(({ node, view }): RowPart => ({
    node: node.id, first: view.int('from'), count: view.int('to') - view.int('from'), offset: addressOf.get(node.outputs[0])!,
  }));
  return { index, type, rows: type.shape[1], parts };
}

/** Members of the model's struct. */
export const rowMembers = (name: string): string => `  int32_t part;             /* of the input by rows: the next one */
  ${name}_row_reader read_rows;
  void *rows_source;
`;

/** What stands before the struct. */
export function rowTypes({ index, type, rows, parts }: RowInput, name: string): string {
  const macro = `${name.toUpperCase()}_INPUT_${index}`;
  return `/* Input ${index} comes by rows, from the first to the last: the arena never holds all of it. */
#define ${macro}_ROWS ${rows}
#define ${macro}_ROW_ELEMENTS ${elementCount(type.shape) / rows}
#define ${macro}_ROW_BYTES ${typeBytes(type) / rows}
/* How often rows are asked for, and how many at most at a time. */
#define ${macro}_PARTS ${parts.length}
#define ${macro}_MOST_ROWS ${Math.max(...parts.map((part) => part.count))}
/* More rows are needed; there are none, or their reader says so. */
#define ${name.toUpperCase()}_MORE_ROWS (-1)
#define ${name.toUpperCase()}_NO_ROWS (-2)

/* Writes \`count\` rows, of which the first is row \`first\`, one behind the other; 0, or something else to end the run. */
typedef int (*${name}_row_reader)(void *source, ${cType(type)} *rows, int32_t first, int32_t count);

`;
}

/** Functions of the header. */
export const rowFunctions = ({ type }: RowInput, name: string): string => `/* What ${name}_run asks for rows, each once and in order; \`source\` is handed on to it. */
static inline void ${name}_read_rows_with(${name}_model *model, ${name}_row_reader reader, void *source) { model->read_rows = reader; model->rows_source = source; }
/* Instead of ${name}_run, for rows that come when they come: where the next ones go (by hand or by DMA), then the layers that they allow. */
${cType(type)} *${name}_next_rows(const ${name}_model *model, int32_t *first, int32_t *count);
/* ${name.toUpperCase()}_MORE_ROWS, or after the last ones what ${name}_run returns: then all starts again with the first row. */
int ${name}_run_rows(${name}_model *model);
/* Starts again with the first row. */
static inline void ${name}_restart(${name}_model *model) { model->part = 0; }

`;

/** Definitions, with the layers of \`texts\` behind the rows that they wait for; \`end\` is what follows the last layer. */
export function rowSource({ type, parts }: RowInput, name: string, layers: readonly { readonly layer: NamedLayer; readonly text: string }[], end: string): string {
  const array = (member: 'offset' | 'first' | 'count'): string => `static TML_CONST int32_t ${name}_rows_${member}[${parts.length}] = {\n${cArray(parts.map((part) => part[member]), cNumber)}\n};\n`;
  const part = new Map(parts.map(({ node }, i) => [node, i]));
  const body = layers.map(({ layer, text }) => {
    const waits = part.get(layer.step.node.id);
    return waits === undefined ? text : `${waits ? '    break;\n' : ''}  case ${waits}:\n${text}`;
  });
  const upper = name.toUpperCase();
  return `${array('offset')}${array('first')}${array('count')}
${cType(type)} *${name}_next_rows(const ${name}_model *model, int32_t *first, int32_t *count) {
  *first = TML_S32(${name}_rows_first + model->part);
  *count = TML_S32(${name}_rows_count + model->part);
  return (${cType(type)} *)(void *)(model->arena + TML_S32(${name}_rows_offset + model->part));
}

int ${name}_run_rows(${name}_model *model) {
  uint8_t *const arena = model->arena;
  const int32_t part = model->part;
  model->part = 0;
  switch (part) {
${body.join('\n')}    break;
  }
  if (part + 1 < ${parts.length}) {
    model->part = part + 1;
    return ${upper}_MORE_ROWS;
  }
${end}
  return 0;
}

int ${name}_run(${name}_model *model) {
  int result;
  model->part = 0;
  do {
    int32_t first, count;
    ${cType(type)} *const rows = ${name}_next_rows(model, &first, &count);
    if (!model->read_rows || model->read_rows(model->rows_source, rows, first, count)) {
      model->part = 0;
      return ${upper}_NO_ROWS;
    }
    result = ${name}_run_rows(model);
  } while (result == ${upper}_MORE_ROWS);
  return result;
}
`;
}

const cType = (type: StaticType): string => dtypes[type.dtype].c!;
