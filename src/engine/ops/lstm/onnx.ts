import { elementCount } from '../../ir/dtype';
import { constantOf, tensorOf, zeros, type Tensor } from '../../ir/tensor';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { CannotWrite, type OnnxMapping, type OnnxNode, type OnnxWriter } from '../../formats/onnx/mapping';
import type { ValueId } from '../../ir/types';
import type { NodeView } from '../op';

/** Gates in our order (input, forget, cell, output) by their place in ONNX's (input, output, forget, cell). */
const FROM_ONNX = [0, 2, 3, 1];
const TO_ONNX = [0, 3, 1, 2];
const defaults = ['sigmoid', 'tanh', 'tanh'];

export const lstmOnnx: OnnxMapping = {
  import: {
    LSTM(node) {
      const direction = node.text('direction', 'forward');
      const activations = node.texts('activations').map((name) => name.toLowerCase());
      if (activations.some((name, i) => name !== defaults[i % 3])) node.refuse(`the activations ${activations.join(', ')}`);
      if (node.int('input_forget', 0)) node.refuse('coupled gates');
      node.attribute('hidden_size'); // the weights say the same
      const batchFirst = node.int('layout', 0) === 1;
      const [first, second] = node.known(0).shape;
      const time = batchFirst ? second : first;
      if (node.has(4) && node.integers(4, 'lengths').some((length) => length !== time)) node.refuse('sequences of different lengths');
      const directions = direction === 'bidirectional' ? [false, true] : [direction === 'reverse'];
      const runs = directions.map((reverse, d) => oneDirection(node, d, reverse, batchFirst));
      // Directions become an axis: second of all steps, first of the states; always third and second where batches come first.
      const joined = (index: number, axis: number): ValueId => {
        const parts = runs.map((run) => {
          const shape = node.typeOf(run[index]).shape!;
          return node.step('reshape', [run[index]], { shape: [...shape.slice(0, axis), 1, ...shape.slice(axis)] });
        });
        return parts.length === 1 ? parts[0] : node.step('concat', parts, { axis });
      };
      if (node.hasOutput(0)) node.alias(0, joined(0, batchFirst ? 2 : 1));
      for (const index of [1, 2]) if (node.hasOutput(index)) node.alias(index, joined(index, batchFirst ? 1 : 0));
    },
  },
  export: exportLstm,
};

/** All steps, last hidden and last cell state of one direction. */
function oneDirection(node: OnnxNode, direction: number, reverse: boolean, batchFirst: boolean): readonly [ValueId, ValueId, ValueId] {
  const units = node.known(2).shape[2];
  const [first, second] = node.known(0).shape;
  const batch = batchFirst ? first : second;
  node.claim({ dtype: 'int64', shape: [4, units] });
  const pick = (id: ValueId, at: readonly number[], axis: number, suffix: string): ValueId => node.step('gather', [id, node.addConstant(suffix, int64Tensor(at, at.length === 1 ? [] : undefined))], { axis });
  const rows = FROM_ONNX.flatMap((gate) => Array.from({ length: units }, (_, u) => gate * units + u));
  const gates = (input: number): ValueId => pick(pick(node.inputs[input]!, [direction], 0, `direction_${input}_${direction}`), rows, 0, `gates_${input}_${direction}`);
  const state = (input: number): ValueId => {
    if (node.has(input) && node.known(input).shape[batchFirst ? 1 : 0] === 1) return node.step('reshape', [node.inputs[input]], { shape: [batch, units] });
    if (node.has(input)) return pick(node.inputs[input]!, [direction], batchFirst ? 1 : 0, `state_${input}_${direction}`);
    const type = { dtype: node.type(0).dtype, shape: [batch, units] } as const;
    node.claim(type);
    return node.editor.addValue(`${node.opType}.zeros`, type, constantOf(zeros(type)));
  };
  const biases = node.has(3) ? pick(node.inputs[3]!, [direction], 0, `bias_${direction}`) : undefined;
  const half = (from: number): ValueId => pick(biases!, rows.map((row) => row + from), 0, `bias_${direction}_${from}`);
  const bias = biases === undefined ? undefined : node.step('add', [half(0), half(4 * units)]);
  // Peepholes in the order input, output, forget; ours is that of the gates.
  const third = (gate: number): number[] => Array.from({ length: units }, (_, u) => gate * units + u);
  const peepholes = node.has(7) ? pick(pick(node.inputs[7]!, [direction], 0, `direction_7_${direction}`), [...third(0), ...third(2), ...third(1)], 0, `peepholes_${direction}`) : undefined;
  const gateClip = node.attribute('clip')?.f ?? 0;
  const attributes = { timeMajor: !batchFirst, reverse, cellClip: 0, ...(gateClip ? { gateClip } : {}) };
  const y = node.emit('lstm', [node.inputs[0], gates(1), gates(2), bias, state(5), state(6), peepholes], attributes, { last: false, suffix: reverse ? 'reverse' : 'forward', outputs: 3 });
  return [y, ...node.outputsOf(y).slice(1)] as unknown as [ValueId, ValueId, ValueId];
}

function exportLstm(node: NodeView, writer: OnnxWriter): void {
  if (node.int('cellClip', 0)) throw new CannotWrite(`${node.node.name}: a bounded cell state has no ONNX form`);
  const [weights, recurrent, bias] = [node.constant(1), node.constant(2), node.has(3) ? node.constant(3) : undefined];
  if (!weights || !recurrent || (node.has(3) && !bias)) throw new CannotWrite(`${node.node.name}: weights that vary`);
  if ([7, 8, 9].some((input) => node.has(input))) throw new CannotWrite(`${node.node.name}: a projection or normalization has no ONNX form`);
  const peepholes = node.has(6) ? (node.constant(6) ?? varying(node)) : undefined;
  const units = recurrent.type.shape[1];
  const reordered = (tensor: Tensor, shape: readonly number[], extra = 0): Tensor => {
    const size = tensor.data.length / 4;
    const rows = TO_ONNX.flatMap((gate) => Array.from(tensor.data.subarray(gate * size, (gate + 1) * size)));
    return tensorOf({ dtype: tensor.type.dtype, shape }, [...rows, ...new Array<number>(extra).fill(0)]);
  };
  const withDirection = (name: string, suffix: string): string => {
    const result = writer.temporary(suffix);
    writer.emit('Unsqueeze', [name, writer.constant(`${suffix}_axis`, int64Tensor([0]))], [result]);
    return result;
  };
  const timeMajor = node.flag('timeMajor');
  const turned = (from: string, to: string): void => writer.emit('Transpose', [from], [to], { perm: [1, 0, 2] });
  const x = timeMajor ? writer.inputs[0] : writer.temporary('steps');
  if (!timeMajor) turned(writer.inputs[0], x);
  const results = ['all', 'hidden', 'cell'].map((suffix) => writer.temporary(suffix));
  const parameters = [
    writer.constant('W', reordered(weights, [1, ...weights.type.shape])), writer.constant('R', reordered(recurrent, [1, ...recurrent.type.shape])),
    bias ? writer.constant('B', reordered(bias, [1, 2 * elementCount(bias.type.shape)], bias.data.length)) : '',
  ];
  const third = (place: number): number[] => Array.from(peepholes!.data.subarray(place * units, (place + 1) * units));
  const ports = peepholes ? writer.constant('P', tensorOf({ dtype: peepholes.type.dtype, shape: [1, 3 * units] }, [...third(0), ...third(2), ...third(1)])) : '';
  const gateClip = node.int('gateClip', 0);
  writer.emit('LSTM', [x, ...parameters, '', withDirection(writer.inputs[4], 'initial_h'), withDirection(writer.inputs[5], 'initial_c'), ports], results, {
    clip: gateClip ? { float: gateClip } : undefined, hidden_size: units, direction: node.flag('reverse') ? 'reverse' : 'forward',
  });
  const squeeze = (from: string, to: string, axis: number): void => writer.emit('Squeeze', [from, writer.constant(`axis_${axis}`, int64Tensor([axis]))], [to]);
  const y = timeMajor ? writer.outputs[0] : writer.temporary('steps_out');
  squeeze(results[0], y, 1);
  if (!timeMajor) turned(y, writer.outputs[0]);
  [1, 2].forEach((i) => writer.outputs[i] && squeeze(results[i], writer.outputs[i], 0));
}

function varying(node: NodeView): never {
  throw new CannotWrite(`${node.node.name}: peepholes that vary`);
}
