import type { OnnxImporters, OnnxNode } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { GraphProto } from '../../formats/onnx/schema';
import { normalAxis } from '../op';
import type { ValueId } from '../../ir/types';
import { joinSteps } from './join-steps';
import { MAX_UNROLLED_ROUNDS } from './unroll';

/**
 * Branches and loops dissolve where their course is known: the branch taken, the loop's body once per round. Where it is not,
 * the node stays opaque and the interpreter comes back here with the values.
 */
export const controlFlowImporters: OnnxImporters = {
  If(node) {
    const condition = node.constant(0) ?? node.refuse('a condition that varies');
    const branch = node.subgraph(condition.data[0] ? 'then_branch' : 'else_branch') ?? node.refuse('no such branch');
    // The branch that is not taken is looked at too, so that its attribute does not count as unknown.
    node.attribute(condition.data[0] ? 'else_branch' : 'then_branch');
    node.inline(branch, []).forEach((id, i) => node.alias(i, id));
  },
  Loop(node) {
    const body = node.subgraph('body') ?? node.refuse('no body');
    const rounds = node.has(0) ? (node.constant(0) ?? node.refuse('a number of rounds that varies')).data[0] : Infinity;
    let condition = node.has(1) ? node.inputs[1]! : node.addConstant('condition', { type: { dtype: 'bool', shape: [] }, data: Uint8Array.of(1) });
    let carried = node.inputs.slice(2).map((id) => id ?? node.refuse('a carried value that is left out'));
    const scanned: ValueId[][] = Array.from({ length: Math.max(0, body.output.length - 1 - carried.length) }, () => []);
    for (let round = 0; round < rounds; round++) {
      if (!(node.constantOf(condition) ?? node.refuse('a condition that varies')).data[0]) break;
      const results = runBody(node, body, [node.addConstant('round', int64Tensor([round], [])), condition, ...carried], round);
      condition = results[0];
      carried = results.slice(1, 1 + carried.length);
      results.slice(1 + carried.length).forEach((id, i) => scanned[i].push(id));
    }
    carried.forEach((id, i) => node.alias(i, id));
    scanned.forEach((steps, i) => node.alias(carried.length + i, joinSteps(node, steps, 0, body.output[1 + carried.length + i])));
  },
  Scan(node) {
    const body = node.subgraph('body') ?? node.refuse('no body');
    if (node.opset < 9) node.refuse('batches of sequences of operator set 8');
    const scans = node.int('num_scan_inputs', 0);
    const states = node.inputs.length - scans;
    const axesOf = (name: string, count: number): readonly number[] => node.ints(name) ?? new Array<number>(count).fill(0);
    const inputAxes = axesOf('scan_input_axes', scans);
    const inputBackwards = axesOf('scan_input_directions', scans);
    let state = node.inputs.slice(0, states).map((id) => id ?? node.refuse('a state that is left out'));
    const outputs = body.output.length - states;
    const scanned: ValueId[][] = Array.from({ length: outputs }, () => []);
    const axes = inputAxes.map((axis, i) => normalAxis(axis, node.rank(states + i)));
    const length = scans > 0 ? node.known(states).shape[axes[0]] : 0;
    for (let round = 0; round < length; round++) {
      const slices = axes.map((axis, i) => {
        const at = node.addConstant(`step_${round}_${i}`, int64Tensor([inputBackwards[i] ? length - 1 - round : round], []));
        return node.step('gather', [node.inputs[states + i], at], { axis });
      });
      const results = runBody(node, body, [...state, ...slices], round);
      state = results.slice(0, states);
      results.slice(states).forEach((id, i) => scanned[i].push(id));
    }
    state.forEach((id, i) => node.alias(i, id));
    const [outputAxes, outputBackwards] = [axesOf('scan_output_axes', outputs), axesOf('scan_output_directions', outputs)];
    scanned.forEach((steps, i) => node.alias(states + i, joinSteps(node, outputBackwards[i] ? steps.reverse() : steps, outputAxes[i], body.output[states + i])));
  },
};

function runBody(node: OnnxNode, body: GraphProto, inputs: readonly ValueId[], round: number): readonly ValueId[] {
  if (!node.isEvaluation && round >= MAX_UNROLLED_ROUNDS) node.refuse(`a loop of more than ${MAX_UNROLLED_ROUNDS} rounds`);
  return node.inline(body, inputs);
}
