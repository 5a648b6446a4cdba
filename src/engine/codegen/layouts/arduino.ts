import { dtypes, elementCount } from '../../ir/dtype';
import type { StaticType, ValueId } from '../../ir/types';
import { GENERATED_MARK } from '../generated-mark';
import { rowInputOf, type RowInput } from '../input-rows';
import { PACKAGE_VERSION, type Layout, type Packaged } from './layout';

/** A library with a sketch that runs the model once a second. Source: Arduino library specification 1.5, rev. 2.2. */
export const arduino: Layout = {
  id: 'arduino',
  title: 'Arduino library',
  files(packaged) {
    const { name } = packaged.emitted;
    return [
      {
        path: 'library.properties',
        text: [
          `name=${name}`, `version=${PACKAGE_VERSION}`, 'author=TinyML Workbench', 'maintainer=TinyML Workbench', `sentence=${GENERATED_MARK}: ${packaged.summary}`,
          'paragraph=Plain C without an interpreter; the example shows how to run it.', 'category=Data Processing', 'url=', 'architectures=*', `includes=${name}.h`, '',
        ].join('\n'),
      },
      { path: `examples/${name}_once_a_second/${name}_once_a_second.ino`, text: sketch(packaged) },
    ];
  },
};

function sketch({ program, emitted: { name }, summary }: Packaged): string {
  const { graph } = program.model;
  const prefix = name.toUpperCase();
  const typeOf = (id: ValueId): StaticType => graph.values.get(id)!.type as StaticType;
  const rows = rowInputOf(program);
  const fills = graph.inputs.flatMap((id, i) => {
    const type = typeOf(id);
    if (rows?.index === i) return [];
    const zero = type.quantization ? `${name}_quantize_input_${i}(0.0f)` : '0';
    return `  ${dtypes[type.dtype].c} *input_${i} = ${name}_input_${i}(&model);
  for (long i = 0; i < ${prefix}_INPUT_${i}_ELEMENTS; i++) input_${i}[i] = ${zero}; // put your sensor's values here`;
  });
  const prints = graph.outputs.map((id, i) => {
    const type = typeOf(id);
    const value = type.quantization ? `${name}_dequantize_output_${i}(output_${i}[i])` : `(float)output_${i}[i]`;
    return `  const ${dtypes[type.dtype].c} *output_${i} = ${name}_output_${i}(&model);
  for (long i = 0; i < ${prefix}_OUTPUT_${i}_ELEMENTS; i++) {
    Serial.print("output_${i}_");
    Serial.print(i);
    Serial.print(":");
    Serial.println(${value});
  }`;
  });
  const elements = graph.inputs.reduce((sum, id) => sum + elementCount(typeOf(id).shape), 0);
  return `// ${GENERATED_MARK}: ${summary}. Runs the model once a second on ${elements} zeros and prints what comes out.
#include <${name}.h>

static ${name}_model model; // ${prefix}_ARENA_BYTES bytes of RAM

${rows ? `${reader(rows, name)}
` : ''}void setup() {
  Serial.begin(115200);
  ${name}_init(&model);
${rows ? `  ${name}_read_rows_with(&model, read_rows, 0);\n` : ''}}

void loop() {
${fills.join('\n')}

  const unsigned long start = micros();
  ${name}_run(&model);
  Serial.print("us:");
  Serial.println(micros() - start);

${prints.join('\n')}
  delay(1000);
}
`;
}

/** What a camera would do: one line after another, into the place where the model wants it. */
function reader({ index, type }: RowInput, name: string): string {
  const row = `${name.toUpperCase()}_INPUT_${index}_ROW_ELEMENTS`;
  const c = dtypes[type.dtype].c!;
  return `// Rows first to first + count - 1 of input ${index}: put your camera's lines here.
static int read_rows(void *source, ${c} *rows, int32_t first, int32_t count) {
  (void)source;
  for (int32_t line = first; line < first + count; line++) {
    for (long i = 0; i < ${row}; i++) *rows++ = ${type.quantization ? `${name}_quantize_input_${index}(0.0f)` : '0'};
  }
  return 0;
}
`;
}
