import type { OnnxNode } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { attributeType, type GraphProto, type NodeProto, type TensorProto, type ValueInfoProto } from '../../formats/onnx/schema';
import { onnxOfDtype, writeTensorProto } from '../../formats/onnx/tensor-proto';
import { constantOf } from '../../ir/tensor';
import type { ValueId } from '../../ir/types';
import { normalAxis } from '../op';
import { joinSteps } from './join-steps';
import { runAsLoop } from './onnx-loop';
import { runBody } from './run-body';
import { MAX_UNROLLED_ROUNDS } from './unroll';

interface Scanned {
  readonly body: GraphProto;
  readonly states: readonly ValueId[];
  /** By input that is scanned: along which axis, and whether from its end. */
  readonly axes: readonly number[];
  readonly backwards: readonly boolean[];
  readonly length: number;
}

interface Joined {
  readonly axes: readonly number[];
  readonly backwards: readonly boolean[];
}

/** A loop over slices of its inputs, as many rounds as they are long. */
export function scan(node: OnnxNode): void {
  const body = node.subgraph('body') ?? node.refuse('no body');
  if (node.opset < 9) node.refuse('batches of sequences of operator set 8');
  const inputs = node.int('num_scan_inputs', 0);
  const count = node.inputs.length - inputs;
  const listOf = (name: string, length: number): readonly number[] => node.ints(name) ?? new Array<number>(length).fill(0);
  const axes = listOf('scan_input_axes', inputs).map((axis, i) => normalAxis(axis, node.rank(count + i)));
  const states = node.inputs.slice(0, count).map((id) => id ?? node.refuse('a state that is left out'));
  const backwards = listOf('scan_input_directions', inputs).map(Boolean);
  const length = inputs > 0 ? node.known(count).shape[axes[0]] : 0;
  const outputs = body.output.length - count;
  const joined: Joined = { axes: listOf('scan_output_axes', outputs), backwards: listOf('scan_output_directions', outputs).map(Boolean) };
  const parts: Scanned = { body, states, axes, backwards, length };
  if (node.isEvaluation) return unrolled(node, parts, joined);
  if (length <= MAX_UNROLLED_ROUNDS && node.attempt(() => unrolled(node, parts, joined)) === undefined) return;
  asLoop(node, parts, joined);
}

function unrolled(node: OnnxNode, { body, states, axes, backwards, length }: Scanned, joined: Joined): void {
  let state = states;
  const rows: ValueId[][] = joined.axes.map(() => []);
  for (let round = 0; round < length; round++) {
    const slices = axes.map((axis, i) => {
      const at = node.addConstant(`step_${round}_${i}`, int64Tensor([backwards[i] ? length - 1 - round : round], []));
      return node.step('gather', [node.inputs[states.length + i], at], { axis });
    });
    const results = runBody(node, body, [...state, ...slices], round);
    state = results.slice(0, states.length);
    results.slice(states.length).forEach((id, i) => rows[i].push(id));
  }
  state.forEach((id, i) => node.alias(i, id));
  rows.forEach((row, i) => node.alias(states.length + i, joinSteps(node, joined.backwards[i] ? row.reverse() : row, joined.axes[i], body.output[states.length + i])));
}

function asLoop(node: OnnxNode, parts: Scanned, { axes, backwards }: Joined): void {
  const limit = node.addConstant('rounds', int64Tensor([parts.length], []));
  const results = runAsLoop(node, { body: slicing(node, parts), limit, begins: undefined, carried: parts.states }, true);
  parts.states.forEach((_, i) => node.alias(i, results[i]));
  axes.forEach((axis, i) => {
    let rows = results[parts.states.length + i];
    const rank = node.typeOf(rows).shape?.length ?? node.refuse('a result of unknown shape');
    const from = Array.from({ length: parts.length }, (_, k) => parts.length - 1 - k);
    if (backwards[i]) rows = node.step('gather', [rows, node.addConstant(`order_${i}`, int64Tensor(from))], { axis: 0 });
    const to = normalAxis(axis, rank);
    const rest = Array.from({ length: rank - 1 }, (_, k) => k + 1);
    if (to > 0) rows = node.step('transpose', [rows], { permutation: [...rest.slice(0, to), 0, ...rest.slice(to)] });
    node.alias(parts.states.length + i, rows);
  });
}

/** The body as a loop's: it takes the slices itself. */
function slicing(node: OnnxNode, { body, states, axes, backwards, length }: Scanned): GraphProto {
  const taken = new Set([...body.input, ...body.output, ...body.node.flatMap((inner) => inner.output.map((name) => ({ name })))].map(({ name }) => name));
  const fresh = (wanted: string): string => (taken.has(wanted) ? fresh(`${wanted}_`) : wanted);
  const [round, back, holds, last] = ['scan_round', 'scan_round_back', 'scan_holds', 'scan_last'].map(fresh);
  const port = (name: string, dtype: 'int64' | 'bool'): ValueInfoProto => ({ name, type: { tensor: { elementType: onnxOfDtype(dtype), shape: { dims: [] } } } });
  const numbers = int64Tensor([length - 1], []);
  const initializer: TensorProto[] = [...body.initializer, writeTensorProto(last, numbers.type, constantOf(numbers))];
  const noLists = { floats: [], ints: [], strings: [], tensors: [], graphs: [] };
  const slices = axes.map((axis, i): NodeProto => ({
    opType: 'Gather', input: [node.inputNames[states.length + i], backwards[i] ? back : round], output: [body.input[states.length + i].name ?? ''],
    attribute: [{ ...noLists, name: 'axis', i: axis, type: attributeType.INT }],
  }));
  const reversed: NodeProto[] = backwards.some(Boolean) ? [{ opType: 'Sub', input: [last, round], output: [back], attribute: [] }] : [];
  return {
    ...body, initializer, input: [port(round, 'int64'), port(holds, 'bool'), ...body.input.slice(0, states.length)], node: [...reversed, ...slices, ...body.node],
    output: [port(holds, 'bool'), ...body.output],
  };
}
