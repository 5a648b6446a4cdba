import type { Graph, Model, Node, RoundingRule, State, StaticType, TensorType, ValueId } from '../../ir/types';
import { isStatic } from '../../ir/dtype';
import { constantOf, constantTensor, tensorOf, zeros } from '../../ir/tensor';
import { opaque } from '../../ops/opaque';
import { NodeView } from '../../ops/op';
import { opOf } from '../../ops/table';
import { isFloat32 } from '../../ops/weights';
import type { FlatTable } from './flatbuffer';
import { CannotWrite } from './mapping';
import { NodeWriter } from './node-writer';
import { operatorNames } from './operators';
import type { OptionValue } from './schema';
import { ModelParts, SubGraphWriter } from './subgraph-writer';

export interface ExportOptions {
  /** Constant float32 weights (of two axes or more) take half the bytes and are widened when they are read. */
  readonly weights?: 'float16';
  /** Inputs and outputs of a model from ONNX: codes, as firmware wants them, or the real numbers that its file has. */
  readonly boundary?: 'codes' | 'real';
}

/** A graph in TFLite's layouts as the tables of a model. */
export function exportGraph(model: Model, options: ExportOptions): { operatorCodes: readonly FlatTable[]; subgraphs: readonly FlatTable[]; buffers: FlatTable[] } {
  const parts = new ModelParts();
  const graph = unsigned(model);
  const writer = new SubGraphWriter(parts, graph, graph.name || 'main', options.weights === 'float16');
  const resources = graph.states.filter((state) => !isVariableTensor(graph, state));
  for (const state of graph.states) if (!resources.includes(state)) writer.addVariableTensor(state);
  for (const id of graph.inputs) writer.tensorOf(id);
  if (resources.length) {
    writer.emit('CALL_ONCE', [], [], { initSubgraphIndex: parts.addSubgraph(() => initialGraph(parts, graph, resources)) });
    for (const state of resources) writer.emit('READ_VARIABLE', [writer.handle(state.name)], [writer.tensorOf(state.input)]);
  }
  for (const node of graph.nodes) writeNode({ parts, rounding: model.rounding, graph, writer }, node);
  for (const state of resources) writer.emit('ASSIGN_VARIABLE', [writer.handle(state.name), writer.tensorOf(state.output)], []);
  parts.subgraphs[0] = writer.finish(graph.inputs.map((id) => writer.tensorOf(id)), graph.outputs.map((id) => writer.tensorOf(id)));
  return { operatorCodes: parts.operatorCodes, subgraphs: parts.subgraphs, buffers: parts.buffers };
}

/** States that one op keeps for itself (LSTM, SVDF) are variable tensors; all others are resources. */
function isVariableTensor(graph: Graph, state: State): boolean {
  const maker = graph.nodes.find((node) => node.outputs.includes(state.output));
  if (!maker || !opOf(maker).keepsState || !maker.inputs.includes(state.input)) return false;
  if (state.initial) throw new CannotWrite(`State ${state.name} does not start at zero, which a variable tensor must`);
  return true;
}

/** The subgraph that gives resources their first content. */
function initialGraph(parts: ModelParts, graph: Graph, states: readonly State[]): FlatTable {
  const writer = new SubGraphWriter(parts, graph, 'initial', false);
  for (const state of states) {
    const value = graph.values.get(state.input)!;
    if (!isStatic(value.type)) throw new CannotWrite(`State ${state.name} has no known shape`);
    const filled = zeros(value.type);
    filled.data.fill(value.type.quantization?.zeroPoint[0] ?? 0);
    const initial = writer.addTensor(`${state.name}_initial`, value.type, state.initial ?? constantOf(filled));
    writer.emit('ASSIGN_VARIABLE', [writer.handle(state.name), initial], []);
  }
  return writer.finish([], []);
}

/** A graph that a node runs, as a subgraph of its own. */
function writeInner(parts: ModelParts, rounding: RoundingRule, name: string, graph: Graph): number {
  return parts.addSubgraph(() => {
    const writer = new SubGraphWriter(parts, graph, name, false);
    for (const id of graph.inputs) writer.tensorOf(id);
    for (const node of graph.nodes) writeNode({ parts, rounding, graph, writer }, node);
    return writer.finish(graph.inputs.map((id) => writer.tensorOf(id)), graph.outputs.map((id) => writer.tensorOf(id)));
  });
}

/** Where a node is written. */
interface Place {
  readonly parts: ModelParts;
  readonly rounding: RoundingRule;
  readonly graph: Graph;
  readonly writer: SubGraphWriter;
}

function writeNode({ parts, rounding, graph, writer }: Place, node: Node): void {
  if (node.op === opaque.name) return writeOpaque(node, writer);
  const view = new NodeView(graph, node, rounding);
  const op = opOf(node);
  const write = op.tflite?.export;
  if (!write) throw new CannotWrite(`${op.label(view)} (${node.name}) cannot be written as TFLite`);
  const states = new Set(graph.states.map((state) => state.output));
  const outputs = node.outputs.map((id) => (op.keepsState && states.has(id) ? -1 : writer.tensorOf(id)));
  const inputs = node.inputs.map((id, i) => (id === undefined ? -1 : op.scalesWeights && i > 0 ? layerConstant(view, writer, id, i) : writer.tensorOf(id)));
  const single = new NodeWriter(view, writer, inputs, outputs, op.fusesClamp === true, (name, inner) => writeInner(parts, rounding, name, inner));
  write(view, single);
  single.finish();
}

/** Weights and bias in the forms that kernels of TFLite read. */
function layerConstant(view: NodeView, writer: SubGraphWriter, id: ValueId, index: number): number {
  const { name, type, constant } = view.input(index);
  if (index === 1) return constant && isFloat32(view, 0) ? writer.addRealWeights(name, type, constant, view.flag('realInputs')) : writer.tensorOf(id);
  // Sums of products with 16-bit codes have 64 bits.
  const isNarrow = view.type(0).dtype === 'int16' && type.dtype === 'int32' && view.isConstant(index);
  return isNarrow ? writer.addTensor(name, { ...type, dtype: 'int64' }, constantOf(tensorOf({ ...(type as StaticType), dtype: 'int64' }, view.constant(index)!.data))) : writer.tensorOf(id);
}

/** An operator that was not understood goes back as it came. */
function writeOpaque(node: Node, writer: SubGraphWriter): void {
  const op = String(node.attributes.sourceOp);
  const custom = op.startsWith('custom:');
  if (!custom && !operatorNames.includes(op)) throw new CannotWrite(`${op} (${node.name}) is no TFLite operator`);
  const options = (prefix: string): Record<string, OptionValue> =>
    Object.fromEntries(Object.entries(node.attributes).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value as OptionValue] as const] : [])));
  if (Object.keys(node.attributes).some((key) => /^tflite2?\..*SubgraphIndex/.test(key))) throw new CannotWrite(`${op} (${node.name}) runs another graph`);
  const inputs = node.inputs.map((id) => (id === undefined ? -1 : writer.tensorOf(id)));
  const outputs = node.outputs.map((id) => writer.tensorOf(id));
  const { custom: bytes, ...own } = options('tflite.');
  writer.emit(op, inputs, outputs, own, { custom: bytes as Uint8Array | undefined, second: options('tflite2.') });
}

/** TFLite's integer kernels know int8: uint8 codes of an ONNX model become int8 by a shift of 128, which changes no number. */
function unsigned(model: Model): Graph {
  if (model.format === 'tflite') return model.graph;
  const values = new Map(model.graph.values);
  for (const [id, value] of values) {
    const { type } = value;
    if (type.dtype !== 'uint8' || !type.quantization) continue;
    const shifted: TensorType = { ...type, dtype: 'int8', quantization: { ...type.quantization, zeroPoint: type.quantization.zeroPoint.map((z) => z - 128) } };
    const codes = value.constant && constantTensor(value);
    const constant = codes && constantOf(tensorOf(shifted as StaticType, Int16Array.from(codes.data, (code) => code - 128)));
    values.set(id, constant ? { ...value, type: shifted, constant } : { ...value, type: shifted });
  }
  return { ...model.graph, values };
}

