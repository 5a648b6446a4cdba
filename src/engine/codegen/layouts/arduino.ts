import { dtypes, elementCount } from '../../ir/dtype';
import type { StaticType, ValueId } from '../../ir/types';
import { GENERATED_MARK } from '../generated-mark';
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
  const fills = graph.inputs.map((id, i) => {
    const type = typeOf(id);
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
  const bytes = graph.inputs.reduce((sum, id) => sum + elementCount(typeOf(id).shape), 0);
  return `// ${GENERATED_MARK}: ${summary}. Runs the model once a second on ${bytes} zeros and prints what comes out.
#include <${name}.h>

static ${name}_model model; // ${prefix}_ARENA_BYTES bytes of RAM

void setup() {
  Serial.begin(115200);
  ${name}_init(&model);
}

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
