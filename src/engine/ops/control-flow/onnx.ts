import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { GraphProto } from '../../formats/onnx/schema';
import type { ValueId } from '../../ir/types';
import { joinSteps } from './join-steps';
import { runAsLoop } from './onnx-loop';
import { scan } from './onnx-scan';
import { runBody } from './run-body';

/** Branches and loops dissolve where their course is known and short: the branch taken, the loop's body once per round. Otherwise they are the ops `if` and `loop`. */
export const controlFlowImporters: OnnxImporters = {
  If(node) {
    const graphs = [node.subgraph('then_branch') ?? node.refuse('no such branch'), node.subgraph('else_branch') ?? node.refuse('no such branch')];
    const condition = node.constant(0);
    if (condition) return node.inline(graphs[condition.data[0] ? 0 : 1], []).forEach((id, i) => node.alias(i, id));
    const outer = node.outerValues(graphs);
    const [then, otherwise] = graphs.map((graph) => node.graphOf(graph, [], outer));
    if ([then, otherwise].some(({ graph }) => graph.outputs.some((id) => graph.values.get(id)!.type.dtype === 'other'))) node.refuse('a type without arithmetic');
    node.emit('if', [node.inputs[0], ...outer], { then, else: otherwise });
  },
  Loop(node) {
    const body = node.subgraph('body') ?? node.refuse('no body');
    const carried = node.inputs.slice(2).map((id) => id ?? node.refuse('a carried value that is left out'));
    const [limit, begins] = node.inputs;
    if (node.isEvaluation) return unrolled(node, body, carried);
    const mayUnroll = (!limit || node.isConstant(limit)) && (!begins || node.isConstant(begins));
    if (mayUnroll && node.attempt(() => unrolled(node, body, carried)) === undefined) return;
    runAsLoop(node, { body, limit, begins, carried });
  },
  Scan: scan,
};

function unrolled(node: OnnxNode, body: GraphProto, start: readonly ValueId[]): void {
  const rounds = node.has(0) ? (node.constant(0) ?? node.refuse('a number of rounds that varies')).data[0] : Infinity;
  let condition = node.has(1) ? node.inputs[1]! : node.addConstant('condition', { type: { dtype: 'bool', shape: [] }, data: Uint8Array.of(1) });
  let carried = start;
  const rows: ValueId[][] = Array.from({ length: Math.max(0, body.output.length - 1 - carried.length) }, () => []);
  for (let round = 0; round < rounds; round++) {
    if (!(node.constantOf(condition) ?? node.refuse('a condition that varies')).data[0]) break;
    const results = runBody(node, body, [node.addConstant('round', int64Tensor([round], [])), condition, ...carried], round);
    condition = results[0];
    carried = results.slice(1, 1 + carried.length);
    results.slice(1 + carried.length).forEach((id, i) => rows[i].push(id));
  }
  carried.forEach((id, i) => node.alias(i, id));
  rows.forEach((steps, i) => node.alias(carried.length + i, joinSteps(node, steps, 0, body.output[1 + carried.length + i])));
}
