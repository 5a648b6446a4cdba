import { fnv1a32, toHex32 } from '../../base/bytes';
import { byteLengthOf, elementCount, dtypes, typeBytes } from '../ir/dtype';
import { printGraph } from '../ir/print';
import type { StaticType, ValueId } from '../ir/types';
import { hasWideElements } from './buffer-plan';
import { cComment, cFloat, cIdentifier, cNumber } from './c-text';
import { GENERATED_MARK } from './generated-mark';
import type { Step } from './choose-kernels';
import { rowFunctions, rowInputOf, rowMembers, rowSource, rowTypes } from './input-rows';
import { callsOf } from './kernel';
import { namedLayers, ownConstants, type NamedCall, type NamedLayer } from './named-layers';
import { headersOf, instancesOf, type Program } from './program';
import { quantizeHelper, dequantizeHelper } from './port-helpers';
import { initialStates, stateCopies, stateResets } from './states-text';
import { weightsText } from './weights-text';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface EmittedModel {
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly modelHash: number;
  /** Constants of the layers, in the order of the sources. */
  readonly constants: readonly EmittedConstant[];
}

/** A C array of a layer. */
export interface EmittedConstant {
  readonly name: string;
  readonly cType: string;
  readonly elements: number;
  readonly bytes: number;
  /** Index of the step. */
  readonly layer: number;
}

export interface EmitOptions {
  /** Linker section of all constants of the weights file; the compiler's own where absent. */
  readonly weightsSection?: string;
}

/** C99 sources of a program without refusals. Same program, same bytes. */
export function emitModel(program: Program, wantedName: string, options: EmitOptions = {}): EmittedModel {
  const name = cIdentifier(wantedName);
  const modelHash = modelHashOf(program.model);
  const layers = namedLayers(program, name);
  const files = [
    { path: `${name}.h`, text: headerText(program, name, modelHash) },
    { path: `${name}.c`, text: sourceText(program, name, modelHash, layers) },
    { path: `${name}_weights.c`, text: weightsText(program, name, layers, options.weightsSection) },
    ...headersOf(program).map((header) => ({ path: header.file, text: `/* ${GENERATED_MARK}: kernel library, the same for every model. */\n${header.text}` })),
  ];
  const constants = layers.flatMap(({ step, calls }) =>
    calls.flatMap(ownConstants).map(({ constant, name: array }) => ({
      name: array, cType: dtypes[constant.dtype].c!, elements: constant.elements, bytes: byteLengthOf(constant.dtype, constant.elements), layer: step.index,
    })),
  );
  return { name, files, modelHash, constants };
}

/** Of a lowered model's layers and weights: two builds with the same hash compute the same. */
export const modelHashOf = (model: Pick<Program['model'], 'graph'>): number => fnv1a32(asciiBytes(printGraph(model.graph).join('\n')));

const asciiBytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0) & 255);

const cType = (type: StaticType): string => dtypes[type.dtype].c!;

function portMacros(program: Program, prefix: string, kind: 'INPUT' | 'OUTPUT', ids: readonly ValueId[]): string[] {
  return ids.flatMap((id, i) => {
    const value = program.model.graph.values.get(id)!;
    const type = value.type as StaticType;
    const macro = `${prefix}_${kind}_${i}`;
    const quantization = type.quantization;
    return [
      `/* ${kind.toLowerCase()} ${i}: ${cComment(value.name)} */`,
      `#define ${macro}_ELEMENTS ${elementCount(type.shape)}`,
      `#define ${macro}_BYTES ${typeBytes(type)}`,
      `#define ${macro}_RANK ${type.shape.length}`,
      `#define ${macro}_SHAPE {${type.shape.length ? type.shape.join(', ') : '1'}}`,
      ...(quantization ? [`#define ${macro}_SCALE ${cFloat(quantization.scale[0])}`, `#define ${macro}_ZERO_POINT ${quantization.zeroPoint[0]}`] : []),
    ];
  });
}

function headerText(program: Program, name: string, modelHash: number): string {
  const { model } = program;
  const { inputs, outputs, values } = model.graph;
  const prefix = name.toUpperCase();
  const typeOf = (id: ValueId): StaticType => values.get(id)!.type as StaticType;
  const offsetOf = (id: ValueId): number => program.addressOf.get(id)!;
  const struct = `${name}_model`;
  const rows = rowInputOf(program);
  return `/* ${GENERATED_MARK} from ${cComment(model.name)}. */
#ifndef ${prefix}_H
#define ${prefix}_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Everything that changes while the model runs, inputs and outputs included. */
#define ${prefix}_ARENA_BYTES ${program.arenaBytes}
/* Of the layers and weights: two builds with the same hash compute the same. */
#define ${prefix}_MODEL_HASH 0x${toHex32(modelHash)}u
#define ${prefix}_LAYER_COUNT ${program.steps.length}

#define ${prefix}_INPUT_COUNT ${inputs.length}
${portMacros(program, prefix, 'INPUT', inputs).join('\n')}

#define ${prefix}_OUTPUT_COUNT ${outputs.length}
${portMacros(program, prefix, 'OUTPUT', outputs).join('\n')}

${rows ? rowTypes(rows, name) : ''}typedef struct {
  uint8_t *arena;
${rows ? rowMembers(name) : ''}#ifndef ${prefix}_CALLER_ARENA
  union {
    uint8_t bytes[${prefix}_ARENA_BYTES];
    ${hasWideElements(model) ? 'uint64_t' : 'uint32_t'} align;
  } own;
#endif
} ${struct};

#ifndef ${prefix}_CALLER_ARENA
/* Call once before the first run. */
int ${name}_init(${struct} *model);
#endif
/* The same with ${prefix}_ARENA_BYTES of the caller's memory, aligned to ${hasWideElements(model) ? 8 : 4} bytes; define ${prefix}_CALLER_ARENA to leave out our own. */
int ${name}_init_in(${struct} *model, void *arena);
/* One inference; 0 when it is done${isChecked(program) ? ', else the number of the layer that failed, from 1' : ''}${rows ? `${isChecked(program) ? ',' : ', else'} ${prefix}_NO_ROWS` : ''}. */
int ${name}_run(${struct} *model);

${rows ? rowFunctions(rows, name) : ''}${inputs
  .map(
    (id, i) => `${rows?.index === i ? '' : `static inline ${cType(typeOf(id))} *${name}_input_${i}(${struct} *model) { return (${cType(typeOf(id))} *)(void *)(model->arena + ${offsetOf(id)}); }\n`}${typeOf(id).quantization ? `/* The code of a real number: rounded and clamped. */\n${cType(typeOf(id))} ${name}_quantize_input_${i}(float value);\n` : ''}`,
  )
  .join('')}
/* Valid until the next write to an input or the next run. */
${outputs
  .map(
    (id, i) => `static inline const ${cType(typeOf(id))} *${name}_output_${i}(const ${struct} *model) { return (const ${cType(typeOf(id))} *)(const void *)(model->arena + ${offsetOf(id)}); }
${typeOf(id).quantization ? `/* The real number that a code stands for. */\nfloat ${name}_dequantize_output_${i}(${cType(typeOf(id))} code);\n` : ''}`,
  )
  .join('')}
#ifdef __cplusplus
}
#endif

#endif
`;
}

function sourceText(program: Program, name: string, modelHash: number, layers: readonly NamedLayer[]): string {
  const { model } = program;
  const prefix = name.toUpperCase();
  const rows = rowInputOf(program);
  const declared = layers.flatMap(({ calls }) => calls.flatMap(ownConstants)).map(({ constant, name: array }) => `extern TML_CONST ${dtypes[constant.dtype].c} ${array}[${constant.elements}];`);
  const initial = initialStates(program, name).map((state) => `extern TML_CONST uint8_t ${state.name}[${state.bytes.length}];`);
  const helpers = [
    ...model.graph.inputs.map((id, i) => quantizeHelper(model, name, i, model.graph.values.get(id)!.type as StaticType)),
    ...model.graph.outputs.map((id, i) => dequantizeHelper(name, i, model.graph.values.get(id)!.type as StaticType)),
  ].filter((text) => text !== '');
  return `/* ${GENERATED_MARK} from ${cComment(model.name)}. */
/* Map: ${name}, isa ${program.isa}, hash 0x${toHex32(modelHash)}. */
#include "${name}.h"
${program.goal === 'flash' ? '#define TML_SHARE_KERNELS 1 /* one function for all layers of a kind */\n' : ''}#include "tml_base.h"
${needsMemory(program) ? '#include <string.h>\n' : ''}${[...new Set(layers.map(({ step }) => step.kernel!.header.file))].map((file) => `#include "${file}"`).join('\n')}

/* Called after each layer with its number, its result and the result's bytes: define it to trace or to take times. */
#ifndef TML_LAYER_END
#define TML_LAYER_END(layer, result, bytes) ((void)0)
#endif

${[...declared, ...initial].join('\n')}

${instancesText(program)}${layers.flatMap((layer) => layer.calls.map(paramsText)).filter((text) => text !== '').join('\n')}
#ifndef ${prefix}_CALLER_ARENA
int ${name}_init(${name}_model *model) {
  return ${name}_init_in(model, model->own.bytes);
}
#endif

int ${name}_init_in(${name}_model *model, void *arena) {
  model->arena = (uint8_t *)arena;
${rows ? '  model->part = 0;\n  model->read_rows = 0;\n  model->rows_source = 0;\n' : ''}${stateResets(program, name)}  return 0;
}

${rows ? rowSource(rows, name, layers.map((layer) => ({ layer, text: layerText(program, layer) })), stateCopies(program)) : runText(program, name, layers)}${helpers.length ? `\n${helpers.join('\n')}` : ''}`;
}

const runText = (program: Program, name: string, layers: readonly NamedLayer[]): string => `int ${name}_run(${name}_model *model) {
  uint8_t *const arena = model->arena;
${program.steps.length ? '' : '  (void)arena;\n'}
${layers.map((layer) => layerText(program, layer)).join('\n')}${stateCopies(program)}
  return 0;
}
`;

const needsMemory = (program: Program): boolean => program.model.graph.states.length > 0;

/** Kernels that are made for shapes of this model. */
function instancesText(program: Program): string {
  const lines = instancesOf(program).map(({ macro, name, args }) => `${macro}(${[name, ...args].join(', ')})\n`);
  return lines.length ? `/* Kernels for the shapes of this model. */\n${lines.join('')}\n` : '';
}

function paramsText({ call: { params }, params: name }: NamedCall): string {
  if (!params) return '';
  const members = Object.entries(params.members).map(([member, value]) => `.${member} = ${typeof value === 'number' ? cNumber(value) : value.c}`);
  const lines: string[] = [];
  for (const member of members) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + member.length < 100) lines[lines.length - 1] = `${last}, ${member}`;
    else lines.push(`  ${member}`);
  }
  return `static const ${params.type} ${name} = {\n${lines.join(',\n')}\n};\n`;
}

function layerText(program: Program, { step, calls }: NamedLayer): string {
  const address = (id: ValueId): number => program.addressOf.get(id)!;
  const type = step.view.outputType();
  const scale = type.quantization ? `, scale ${cFloat(type.quantization.scale[0])}, zero point ${type.quantization.zeroPoint[0]}` : '';
  const sources = step.node.origin.map((origin) => `${origin.name} (${origin.op})`).join(', ');
  return `  /* ${step.index}: ${asciiLabel(step.op.label(step.view))} -> ${type.shape.join('x')} ${type.dtype}${scale}
     from ${cComment(sources)} */
${step.op.isHandedOver ? '' : calls.map((call) => `  ${callText(program, step, call)}\n`).join('')}  TML_LAYER_END(${step.index}, arena + ${address(step.node.outputs[0])}, ${typeBytes(type)});
`;
}

function callText(program: Program, { node, index, plan }: Step, { call, params, constants }: NamedCall): string {
  const pointer = (id: ValueId, type: string, isConst: boolean): string => `(${isConst ? 'const ' : ''}${type} *)(void *)(arena + ${program.addressOf.get(id)!})`;
  const scratch = plan!.scratchBytes ? program.buffers.find((b) => b.role === 'scratch' && b.first === index) : undefined;
  const outputType = (i: number): string => (typeof call.outputType === 'string' ? call.outputType : call.outputType[i]);
  const args = [
    ...(call.params ? [`&${params}`] : []),
    ...call.inputs.map((input, i) => pointer(node.inputs[input]!, call.inputTypes[i], true)),
    ...constants.map((constant) => constant.name),
    ...(scratch ? [`arena + ${scratch.offset}`] : []),
    ...(call.outputs ?? [0]).map((output, i) => pointer(node.outputs[output], outputType(i), false)),
  ];
  const text = `${call.function}(${args.join(', ')})`;
  return call.isChecked ? `if (${text}) return ${index + 1};` : `${text};`;
}

const isChecked = ({ steps }: Program): boolean => steps.some(({ plan }) => plan && callsOf(plan).some((call) => call.isChecked));

const asciiLabel = (label: string): string => cComment(label.replace(/×/g, 'x'));
