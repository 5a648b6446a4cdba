import type { FirmwareModel, FirmwareSensor, FirmwareTrace } from './project';

/**
 * `tml_model.c`: binds the application's fixed interface (`tml_model.h`) to the names of one generated model, through its
 * macros, so that sizes are the model's own. A model generated with other counts of inputs or outputs does not compile.
 */
export function modelGlue(boardId: string, model: FirmwareModel): string {
  const { name } = model;
  const upper = name.toUpperCase();
  const cases = (kind: 'input' | 'output', count: number): string =>
    Array.from({ length: count }, (_, i) => `  if (index == ${i}) return part(${name}_${kind}_${i}(&model), ${upper}_${kind.toUpperCase()}_${i}_BYTES);\n`).join('');
  const total = (kind: string, count: number): string =>
    Array.from({ length: count }, (_, i) => `(uint32_t)${upper}_${kind}_${i}_BYTES`).join(' + ');
  return `/* Binds the application to the model "${name}". Generated: changes are lost. */
#include "tml_model.h"
#include "${name}.h"
${model.trace ? '#include "tml_base.h"\n' : ''}${model.sensor ? '#include "tml_sensor.h"\n' : ''}
#if ${upper}_INPUT_COUNT != ${model.inputs} || ${upper}_OUTPUT_COUNT != ${model.outputs}
#error "this file was generated for ${model.inputs} inputs and ${model.outputs} outputs: generate it again"
#endif

static ${name}_model model;

const char tml_model_name[] TML_IN_FLASH = "${name}";
const char tml_board_name[] TML_IN_FLASH = "${boardId}";
const uint32_t tml_model_hash = ${upper}_MODEL_HASH;
const uint32_t tml_model_arena_bytes = ${upper}_ARENA_BYTES;
const uint32_t tml_model_input_bytes = ${total('INPUT', model.inputs)};
const uint32_t tml_model_output_bytes = ${total('OUTPUT', model.outputs)};

static tml_part part(const volatile void *data, uint32_t bytes) {
  tml_part result;
  result.data = (uint8_t *)(uintptr_t)data; /* outputs are const: the application only reads them */
  result.bytes = bytes;
  return result;
}

int tml_model_init(void) { return ${name}_init(&model); }
int tml_model_run(void) { return ${name}_run(&model); }

tml_part tml_model_input(uint8_t index) {
${cases('input', model.inputs)}  return part(0, 0);
}

tml_part tml_model_output(uint8_t index) {
${cases('output', model.outputs)}  return part(0, 0);
}
${model.trace ? traceGlue(model.trace) : ''}${model.sensor ? sensorGlue(name, upper, model.sensor) : ''}`;
}

/** The window must be the input: a model generated with another one does not compile. */
const sensorGlue = (name: string, upper: string, { sensor, window, quantized }: FirmwareSensor): string => `
#if ${upper}_INPUT_0_ELEMENTS != ${window * sensor.channels.length}
#error "the sensor's window is not the model's input: generate this file again"
#endif

void tml_model_sense(uint32_t element, int16_t count) {
  const float value = (float)count * TML_SENSOR_SCALE;
  ${name}_input_0(&model)[element] = ${quantized ? `${name}_quantize_input_0(value)` : 'value'};
}
`;

/** Kinds of `tml_model.h` by the element type of a layer's result; others are only summed up as bytes. */
const kinds: Readonly<Record<string, string>> = { int8: 'S8', int16: 'S16', int32: 'S32', float32: 'F32' };

/** Element types of the layers, and where their constants lie. */
function traceGlue({ layers, constants }: FirmwareTrace): string {
  const rows = constants.map(({ name, bytes, layer }) => `  {${name}, ${bytes}u, ${layer}}`);
  return `
const uint8_t tml_layer_kinds[] TML_IN_FLASH = {${layers.map(({ dtype }) => `TML_KIND_${kinds[dtype] ?? 'U8'}`).join(', ') || '0'}};
${constants.map(({ name, cType, elements }) => `extern TML_CONST ${cType} ${name}[${elements}];`).join('\n')}
static const tml_constant constants[] TML_IN_FLASH = {
${rows.join(',\n') || '  {0, 0, 0}'}
};
const uint16_t tml_constant_count = ${constants.length};

tml_constant tml_model_constant(uint16_t index) {
  tml_constant result;
  uint8_t i;
  for (i = 0; i < sizeof result; i++) ((uint8_t *)&result)[i] = tml_flash_byte((const uint8_t *)(constants + index) + i);
  return result;
}
`;
}
