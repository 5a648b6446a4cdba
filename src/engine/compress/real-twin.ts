import { codeRange } from '../ir/dtype';
import { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, realValues, tensorOf } from '../ir/tensor';
import type { Attributes, Model, Node, NodeId, Quantization, StaticType, ValueId } from '../ir/types';
import { dequantize } from '../ops/dequantize/op';
import { fusedClamp } from '../ops/clamp-range';
import { NodeView } from '../ops/op';
import { quantize } from '../ops/quantize/op';
import { opOf } from '../ops/table';
import { stripBoundary } from '../passes/strip-boundary';
import type { Range } from '../quant/range';
import { nearestCode, scaleOfNearest, weightGrids, type IntegerWeights, type WeightGrid } from '../quant/weight-types';
import { weightLayers, type ChosenWeights, type LayerForm, type WeightForm } from './plan';
import { quantizeModel } from './quantize-model';

/** A quantized model on real numbers, and how to get back. */
export interface RealTwin {
  /** Codes have become the numbers that they stand for; nodes keep their ids, values that were codes too. */
  readonly model: Model;
  /** Of values that were codes, and of real ones that only were made into codes or from them. */
  readonly ranges: ReadonlyMap<ValueId, Range>;
  formOf(node: Node): LayerForm;
  /** Scales that each layer's weights had. */
  readonly scales: ReadonlyMap<NodeId, readonly number[]>;
  /** Attributes of nodes whose codes stopped what the twin needs a clamp for. */
  readonly unclamped: ReadonlyMap<NodeId, Attributes>;
  /** Inputs and outputs of the file are codes. */
  readonly hasCodePorts: boolean;
  /** Names of everything that was codes: layers are known by them. */
  readonly codeNames: ReadonlySet<string>;
}

const codeTypes: ReadonlySet<string> = new Set(['int8', 'int16']);
const weightForms: Readonly<Record<string, WeightForm>> = { int8: 'int8', int4: 'int4', int2: 'int2', float16: 'float16', float32: 'float32' };

/** Undefined where activations are codes of other types than int8 and int16. */
export function realTwin(model: Model): RealTwin | undefined {
  const { graph } = model;
  const editor = GraphEditor.of(graph);
  const ranges = new Map<ValueId, Range>();
  const scales = new Map(graph.nodes.flatMap((node) => {
    const weights = opOf(node).scalesWeights && node.inputs[1] !== undefined ? graph.values.get(node.inputs[1])!.type.quantization : undefined;
    return weights ? [[node.id, [...new Set(weights.scale)]] as const] : [];
  }));
  const was = new Map(graph.nodes.map((node) => [node.id, formOf(model, node)]));
  for (const { id, type, constant } of graph.values.values()) {
    if (!type.quantization) continue;
    if (constant) {
      const { value, real } = realConstant(model, id);
      editor.values.set(id, { ...value, type: real.type, constant: constantOf(real) });
      continue;
    }
    if (!codeTypes.has(type.dtype)) return undefined;
    ranges.set(id, rangeOf(type.dtype, type.quantization));
    editor.setType(id, { dtype: 'float32', shape: type.shape });
  }
  const unclamped = new Map<NodeId, Attributes>();
  for (const node of graph.nodes) {
    if (node.op === quantize.name || node.op === dequantize.name) dropNode(editor, editor.nodes.get(node.id)!, ranges);
    else if (restoreClamp(editor, model, node)) unclamped.set(node.id, node.attributes);
  }
  const hasCodePorts = [...graph.inputs, ...graph.outputs].some((id) => graph.values.get(id)!.type.quantization !== undefined);
  return { model: { ...model, graph: editor.finish() }, ranges, formOf: (node) => was.get(node.id) ?? { activations: 'int8', weights: 'int8' }, scales, unclamped, hasCodePorts, codeNames: new Set([...graph.values.values()].flatMap(({ name, type }) => (type.quantization ? [name] : []))) };
}

/** A model that was made from a twin, with the codes that the twin's model had; `ranges` are those of values that are new. */
export function requantized(twin: RealTwin, model: Model, ranges: ReadonlyMap<ValueId, Range>): Model {
  const { value } = quantizeModel(model, { formOf: (node) => twin.formOf(node), ranges: new Map([...ranges, ...twin.ranges]), chosen: sameCodes(twin, model) });
  const editor = GraphEditor.of(value.graph);
  for (const [id, { clampMin, clampMax }] of twin.unclamped) {
    const node = editor.nodes.get(id);
    if (!node || !editor.value(node.outputs[0]).type.quantization) continue;
    const { clampMin: _min, clampMax: _max, ...attributes } = node.attributes;
    editor.replaceNode(id, { attributes: { ...attributes, ...(clampMin === undefined ? {} : { clampMin }), ...(clampMax === undefined ? {} : { clampMax }) } });
  }
  const coded = { ...value, graph: editor.finish() };
  return withOldNames(twin.hasCodePorts ? stripBoundary.run(coded) : coded, twin.codeNames);
}

/** Codes that were made from codes have their names again. */
function withOldNames(model: Model, old: ReadonlySet<string>): Model {
  const taken = new Set([...model.graph.values.values()].map(({ name }) => name));
  const editor = GraphEditor.of(model.graph);
  for (const value of model.graph.values.values()) {
    const name = value.type.quantization ? value.name.slice(0, value.name.lastIndexOf('_')) : '';
    if (!old.has(name) || old.has(value.name) || taken.has(name)) continue;
    taken.add(name);
    editor.values.set(value.id, { ...value, name });
  }
  return { ...model, graph: editor.finish() };
}

/** Weights that nothing was done to, or only whole rows left out, keep their codes and scales. */
function sameCodes(twin: RealTwin, model: Model): Map<NodeId, ChosenWeights> {
  const chosen = new Map<NodeId, ChosenWeights>();
  for (const node of weightLayers(model.graph)) {
    const old = twin.scales.get(node.id);
    const form = twin.formOf(node).weights;
    if (!old || !(form in weightGrids)) continue;
    const grid: WeightGrid = weightGrids[form as IntegerWeights];
    const { data, type } = constantTensor(model.graph.values.get(node.inputs[1]!)!);
    const depth = data.length / type.shape[0];
    const scale = Array.from({ length: type.shape[0] }, (_, o) => {
      const row = data.subarray(o * depth, (o + 1) * depth);
      return old.find((step) => row.every((w: number) => isOnGrid(w / step, grid))) ?? (Math.fround(scaleOfNearest(grid, data, o * depth, depth)) || 1);
    });
    chosen.set(node.id, { codes: Float64Array.from(data, (w, i) => nearestCode(grid, w / scale[Math.floor(i / depth)])), scale });
  }
  return chosen;
}

/** Products of codes and scales are rounded to float32. */
const isOnGrid = (code: number, { lowest, highest }: WeightGrid): boolean => Math.abs(code - Math.round(code)) < 1e-4 && Math.round(code) >= lowest && Math.round(code) <= highest;

function rangeOf(dtype: StaticType['dtype'], { scale: [scale], zeroPoint: [zero] }: Quantization): Range {
  const [low, high] = codeRange(dtype);
  return { min: (low - zero) * scale, max: (high - zero) * scale };
}

function realConstant(model: Model, id: ValueId): { value: NonNullable<ReturnType<Model['graph']['values']['get']>>; real: ReturnType<typeof tensorOf> } {
  const value = model.graph.values.get(id)!;
  const tensor = constantTensor(value);
  return { value, real: tensorOf({ dtype: 'float32', shape: tensor.type.shape }, realValues(tensor)) };
}

/** Real numbers pass through; a result of the model keeps its name and place. */
function dropNode(editor: GraphEditor, node: Node, ranges: Map<ValueId, Range>): void {
  const [from, to] = [node.inputs[0]!, node.outputs[0]];
  const range = ranges.get(from) ?? ranges.get(to);
  editor.removeNode(node.id);
  if (range && !ranges.has(from)) ranges.set(from, range);
  const maker = editor.producerOf(from);
  if (editor.outputs.includes(to) && maker) {
    // What made the codes now makes the result.
    if (range) ranges.set(to, range);
    editor.replaceUses(from, to);
    editor.replaceNode(maker.id, { outputs: maker.outputs.map((id) => (id === from ? to : id)) });
  } else {
    editor.replaceUses(to, from);
  }
}

/** Codes that begin at zero stopped what is below, and what is above their end: ReLU and ReLU6 that nobody wrote down. */
function restoreClamp(editor: GraphEditor, model: Model, node: Node): boolean {
  const { dtype, quantization } = model.graph.values.get(node.outputs[0])!.type;
  if (!opOf(node).fusesClamp || !quantization || quantization.zeroPoint[0] !== codeRange(dtype)[0]) return false;
  const { max } = fusedClamp(new NodeView(model.graph, node, model.rounding));
  const end = rangeOf(dtype, quantization).max;
  editor.replaceNode(node.id, { attributes: { ...editor.nodes.get(node.id)!.attributes, clampMin: 0, clampMax: max === undefined ? end : Math.min(end, max) } });
  return true;
}

function formOf(model: Model, node: Node): LayerForm {
  const { type } = model.graph.values.get(node.outputs[0])!;
  const weights = opOf(node).scalesWeights && node.inputs[1] !== undefined ? model.graph.values.get(node.inputs[1])!.type.dtype : 'int8';
  return { activations: type.quantization ? (type.dtype === 'int16' ? 'int16' : 'int8') : 'float32', weights: weightForms[weights] ?? 'float32' };
}
