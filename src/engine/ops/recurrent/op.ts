import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor, type TensorData } from '../../ir/tensor';
import { input, joinRange, output, type EntryJoiner } from '../coupling';
import { ShapeError, type NodeView, type OpDefinition } from '../op';
import { gruCell, rnnCell, type Cell, type CellOptions, type CellWeights } from './cells';
import { cellFunctions } from './functions';
import { recurrentKernel } from './kernels';
import { gruOnnx, rnnOnnx } from './onnx';
import { rnnTflite } from './tflite';

/**
 * Recurrent layers as ONNX has them. Inputs: x [steps, batch, features] (batch first where `batchFirst`), weights
 * [directions, gates * hidden, features], recurrent weights [directions, gates * hidden, hidden], optional biases [directions,
 * 2 * gates * hidden], sequence lengths [batch], initial state. Outputs: all steps, last state. Attributes: direction,
 * activations, hidden, batchFirst, clip, and for gru resetsAfter.
 */
export const gru = recurrent('gru', 'GRU', 3, gruCell, gruOnnx);
export const rnn: OpDefinition = { ...recurrent('rnn', 'RNN', 1, rnnCell, rnnOnnx), tflite: rnnTflite };

function recurrent(name: 'gru' | 'rnn', label: string, gates: number, makeCell: (weights: CellWeights, options: CellOptions) => Cell, onnx: OpDefinition['onnx']): OpDefinition {
  return {
    name,
    needs: 3,
    label: (node) => `${label} ${node.int('hidden')}`,
    infer(node) {
      const { dtype, shape } = node.type(0);
      return shape ? resultShapes(node, shape).map((result) => ({ dtype, shape: result })) : [{ dtype, shape }, { dtype, shape }];
    },
    macs(node) {
      const [a, b] = node.staticType(0).shape;
      const [directions, rows, features] = node.staticType(1).shape;
      return a * b * directions * rows * (features + node.int('hidden'));
    },
    evaluate(node, [x, w, r, bias, lengths, initial]) {
      const [directions, hidden] = [directionsOf(node), node.int('hidden')];
      const names = node.attributes.activations as readonly string[];
      const perDirection = names.length / directions;
      const cells = Array.from({ length: directions }, (_, d) => {
        const weights: CellWeights = {
          input: slab(w!, d), recurrent: slab(r!, d), bias: bias ? slab(bias, d) : new Float64Array(2 * gates * hidden), features: w!.type.shape[2], hidden,
        };
        const functions = names.slice(d * perDirection, (d + 1) * perDirection).map((activation) => cellFunctions[activation.toLowerCase()]);
        return makeCell(weights, { functions, clip: node.attributes.clip as number | undefined, resetsAfter: node.flag('resetsAfter') });
      });
      const [all, last] = resultShapes(node, x!.type.shape).map((shape) => zeros({ dtype: x!.type.dtype, shape }));
      runSequences(node, cells, x!, lengths, initial, all.data, last.data);
      return [all, last];
    },
    kernels: [recurrentKernel(name, gates)],
    coupling: { join: (node, entries) => joinHidden(node, entries, gates), resized: (node) => ({ hidden: node.staticType(2).shape[2] }) },
    onnx,
  };
}

/** A hidden unit has a row in every gate of every direction, and a column of the recurrent weights. */
function joinHidden(node: NodeView, entries: EntryJoiner, gates: number): void {
  const hidden = node.int('hidden');
  const unit = input(2, 2);
  joinRange(entries, input(0, 2), input(1, 2), node.staticType(1).shape[2]);
  for (let gate = 0; gate < gates; gate++) {
    joinRange(entries, unit, input(1, 1), hidden, 0, gate * hidden);
    joinRange(entries, unit, input(2, 1), hidden, 0, gate * hidden);
    if (node.has(3)) for (const half of [0, gates]) joinRange(entries, unit, input(3, 1), hidden, 0, (half + gate) * hidden);
  }
  if (node.has(5)) joinRange(entries, unit, input(5, 2), hidden);
  node.node.outputs.forEach((_, index) => joinRange(entries, unit, output(node.outputType(index).shape.length - 1, index), hidden));
}

const directionsOf = (node: NodeView): number => (node.text('direction') === 'bidirectional' ? 2 : 1);
const slab = (tensor: Tensor, index: number): TensorData => {
  const size = elementCount(tensor.type.shape.slice(1));
  return tensor.data.subarray(index * size, (index + 1) * size);
};

/** Shapes of all steps and of the last state. */
function resultShapes(node: NodeView, shape: readonly number[]): number[][] {
  if (shape.length !== 3) throw new ShapeError(`sequences of ${shape.length} axes`);
  const [directions, hidden] = [directionsOf(node), node.int('hidden')];
  if (node.flag('batchFirst')) return [[shape[0], shape[1], directions, hidden], [shape[0], directions, hidden]];
  return [[shape[0], directions, shape[1], hidden], [directions, shape[1], hidden]];
}

function runSequences(node: NodeView, cells: readonly Cell[], x: Tensor, lengths: Tensor | undefined, initial: Tensor | undefined, all: TensorData, last: TensorData): void {
  const [hidden, batchFirst] = [node.int('hidden'), node.flag('batchFirst')];
  const [first, second, features] = x.type.shape;
  const [steps, batch] = batchFirst ? [second, first] : [first, second];
  for (let d = 0; d < cells.length; d++) {
    const backwards = node.text('direction') === 'reverse' || d === 1;
    for (let b = 0; b < batch; b++) {
      const stateAt = (batchFirst ? b * cells.length + d : d * batch + b) * hidden;
      const length = lengths ? lengths.data[b] : steps;
      let state: Float64Array = initial ? Float64Array.from(initial.data.subarray(stateAt, stateAt + hidden)) : new Float64Array(hidden);
      for (let i = 0; i < length; i++) {
        const step = backwards ? length - 1 - i : i;
        state = cells[d](x.data, (batchFirst ? b * steps + step : step * batch + b) * features, state);
        all.set(state, (batchFirst ? (b * steps + step) * cells.length + d : (step * cells.length + d) * batch + b) * hidden);
      }
      last.set(state, stateAt);
    }
  }
}
