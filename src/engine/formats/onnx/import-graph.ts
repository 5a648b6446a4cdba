import type { Problem } from '../../../base/problem';
import { ProblemError } from '../../../base/problem';
import { CycleError, GraphEditor } from '../../ir/edit';
import type { Attribute, Graph, Origin, TensorType, ValueId } from '../../ir/types';
import { ShapeError } from '../../ops/op';
import { opaque } from '../../ops/opaque';
import { ops } from '../../ops/table';
import { NotUnderstood, type OnnxMapping } from './mapping';
import { ImportedNode } from './onnx-node';
import { onnxProblems } from './problems';
import { attributeType, type AttributeProto, type GraphProto, type NodeProto, type ValueInfoProto } from './schema';
import { dtypeOfOnnx, readTensorProto, TensorDataError } from './tensor-proto';

/** ONNX op, with its domain in front unless it is the standard one, to the mapping that imports it. */
const importers = new Map<string, OnnxMapping['import'][string]>();
for (const op of ops.values()) for (const [name, run] of Object.entries(op.onnx?.import ?? {})) importers.set(name, run);

const standardDomains = new Set(['', 'ai.onnx']);

/** A graph of the file as IR. Total: what is not understood becomes an opaque node and a problem. */
export function importGraph(proto: GraphProto, opsets: ReadonlyMap<string, number>): { graph: Graph; problems: Problem[] } {
  const problems: Problem[] = [];
  const editor = new GraphEditor(proto.name ?? '');
  const byName = new Map<string, ValueId>();
  const declared = new Map([...proto.valueInfo, ...proto.output].map((info) => [info.name ?? '', info]));

  for (const tensor of proto.initializer) {
    const name = tensor.name ?? '';
    try {
      const { type, data } = readTensorProto(tensor);
      byName.set(name, editor.addValue(name, type, data));
    } catch (error) {
      if (!(error instanceof TensorDataError)) throw error;
      throw new ProblemError(onnxProblems.badTensor(name, error.message));
    }
  }
  for (const input of proto.input) {
    const name = input.name ?? '';
    if (byName.has(name)) continue; // before IR version 4 initializers were inputs as well
    const id = editor.addValue(name, declaredType(input));
    byName.set(name, id);
    editor.inputs.push(id);
  }

  const ordered = inOrder(proto.node, byName);
  ordered.forEach((node, index) => importNode(node, index, { editor, byName, declared, opsets, problems }));

  for (const output of proto.output) {
    const id = byName.get(output.name ?? '');
    if (id === undefined) throw new ProblemError(onnxProblems.badGraph(`Output ${output.name ?? ''} is made by no node`));
    editor.outputs.push(id);
  }
  try {
    return { graph: editor.finish(), problems };
  } catch (error) {
    if (error instanceof CycleError) throw new ProblemError(onnxProblems.badGraph(error.message));
    throw error;
  }
}

interface ImportState {
  readonly editor: GraphEditor;
  readonly byName: Map<string, ValueId>;
  readonly declared: ReadonlyMap<string, ValueInfoProto>;
  readonly opsets: ReadonlyMap<string, number>;
  readonly problems: Problem[];
}

function importNode(proto: NodeProto, index: number, state: ImportState): void {
  const { editor, byName, problems } = state;
  const domain = standardDomains.has(proto.domain ?? '') ? '' : proto.domain!;
  const opType = proto.opType ?? '';
  const qualified = domain ? `${domain}:${opType}` : opType;
  const name = proto.name || proto.output.find((output) => output !== '') || `${opType}_${index}`;
  const origin: Origin = { name, op: qualified, index };
  const inputs = proto.input.map((input) => (input === '' ? undefined : byName.get(input)!));
  const opset = state.opsets.get(domain) ?? 1;
  const before = editor.mark();
  const node = new ImportedNode(proto, opset, inputs, editor, name, origin, 'onnx-float-half-even', (problem) => problems.push(problem));
  try {
    const run = importers.get(qualified);
    if (!run) throw new NotUnderstood(`${qualified} is not known`);
    run(node);
  } catch (error) {
    if (!(error instanceof NotUnderstood) && !(error instanceof ShapeError)) throw error;
    editor.removeNodesSince(before);
    node.results.clear();
    const make = error instanceof ShapeError ? onnxProblems.doesNotFit : onnxProblems.notUnderstood;
    problems.push(make(name, qualified, error.message));
    addOpaque(proto, qualified, error.message, name, origin, inputs, node, state);
  }
  proto.output.forEach((output, i) => {
    const id = node.results.get(i);
    if (output !== '' && id !== undefined) {
      byName.set(output, id);
      adoptDeclaredShape(editor, id, state.declared.get(output));
    }
  });
}

function addOpaque(proto: NodeProto, qualified: string, reason: string, name: string, origin: Origin, inputs: readonly (ValueId | undefined)[], node: ImportedNode, state: ImportState): void {
  const attributes: Record<string, Attribute> = { sourceOp: qualified, reason };
  for (const attribute of proto.attribute) {
    const value = plainAttribute(attribute);
    if (value !== undefined) attributes[`onnx.${attribute.name}`] = value;
  }
  const outputs = proto.output.map((output) => state.editor.addValue(output, declaredType(state.declared.get(output))));
  state.editor.addNode({ op: opaque.name, name, inputs, outputs, attributes, origin: [origin] });
  outputs.forEach((id, i) => node.alias(i, id));
}

function plainAttribute(attribute: AttributeProto): Attribute | undefined {
  switch (attribute.type) {
    case attributeType.FLOAT:
      return attribute.f;
    case attributeType.INT:
      return attribute.i;
    case attributeType.STRING:
      return attribute.s;
    case attributeType.FLOATS:
      return attribute.floats;
    case attributeType.INTS:
      return attribute.ints;
    default:
      return undefined;
  }
}

function declaredType(info: ValueInfoProto | undefined): TensorType {
  const tensor = info?.type?.tensor;
  const shape = tensor?.shape?.dims.map((dim) => (dim.value === undefined || dim.value < 0 ? -1 : dim.value));
  return { dtype: dtypeOfOnnx(tensor?.elementType) ?? 'float32', shape };
}

/** Where inference knows less than the file says, the file is believed. */
function adoptDeclaredShape(editor: GraphEditor, id: ValueId, info: ValueInfoProto | undefined): void {
  const value = editor.value(id);
  if (!info || value.constant || (value.type.shape && value.type.shape.every((d) => d >= 0))) return;
  const { shape } = declaredType(info);
  if (!shape || (value.type.shape && value.type.shape.length !== shape.length)) return;
  editor.setType(id, { ...value.type, shape: shape.map((d, axis) => (d >= 0 ? d : (value.type.shape?.[axis] ?? -1))) });
}

/** Nodes in an order in which each input is made before it is read; the standard asks for it, not every exporter obeys. */
function inOrder(nodes: readonly NodeProto[], known: ReadonlyMap<string, ValueId>): readonly NodeProto[] {
  const available = new Set(known.keys());
  const made = new Set<string>();
  for (const output of nodes.flatMap((node) => node.output)) {
    if (output === '') continue;
    if (made.has(output) || available.has(output)) throw new ProblemError(onnxProblems.badGraph(`${output} is made twice`));
    made.add(output);
  }
  const waitingFor = new Map<string, NodeProto[]>();
  const missing = new Map<NodeProto, number>();
  const ready: NodeProto[] = [];
  for (const node of nodes) {
    const needs = new Set(node.input.filter((input) => input !== '' && !available.has(input)));
    for (const input of needs) {
      if (!made.has(input)) throw new ProblemError(onnxProblems.badGraph(`${input} is read but never made`));
      const waiting = waitingFor.get(input);
      if (waiting) waiting.push(node);
      else waitingFor.set(input, [node]);
    }
    missing.set(node, needs.size);
    if (needs.size === 0) ready.push(node);
  }
  if (isOrdered(nodes, available)) return nodes;
  const ordered: NodeProto[] = [];
  for (let next = ready.shift(); next; next = ready.shift()) {
    ordered.push(next);
    for (const output of next.output) {
      for (const node of waitingFor.get(output) ?? []) {
        const left = missing.get(node)! - 1;
        missing.set(node, left);
        if (left === 0) ready.push(node);
      }
    }
  }
  const stuck = nodes.find((node) => missing.get(node)! > 0);
  if (stuck) throw new ProblemError(onnxProblems.badGraph(`The graph has a cycle through ${stuck.name || stuck.output[0]}`));
  return ordered;
}

function isOrdered(nodes: readonly NodeProto[], known: ReadonlySet<string>): boolean {
  const available = new Set(known);
  return nodes.every((node) => {
    if (node.input.some((input) => input !== '' && !available.has(input))) return false;
    for (const output of node.output) available.add(output);
    return true;
  });
}
