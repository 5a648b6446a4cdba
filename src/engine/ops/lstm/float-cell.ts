import type { Tensor, TensorData } from '../../ir/tensor';
import type { NodeView } from '../op';

/** One time step of one sequence: the hidden and cell state are updated in place. */
export type LstmCell = (x: TensorData, hidden: TensorData, cell: TensorData) => void;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

export function floatCell(node: NodeView, weights: Tensor, recurrent: Tensor, bias: Tensor | undefined): LstmCell {
  const units = recurrent.type.shape[1];
  const width = weights.type.shape[1];
  const clip = node.int('cellClip', 0);
  const gates = new Float64Array(4 * units);
  return (x, hidden, cell) => {
    for (let row = 0; row < 4 * units; row++) {
      let sum = bias ? bias.data[row] : 0;
      for (let i = 0; i < width; i++) sum += weights.data[row * width + i] * x[i];
      for (let i = 0; i < units; i++) sum += recurrent.data[row * units + i] * hidden[i];
      gates[row] = sum;
    }
    for (let u = 0; u < units; u++) {
      const [input, forget, candidate, output] = [0, 1, 2, 3].map((gate) => gates[gate * units + u]);
      const next = logistic(forget) * cell[u] + logistic(input) * Math.tanh(candidate);
      cell[u] = clip > 0 ? Math.min(clip, Math.max(-clip, next)) : next;
      hidden[u] = logistic(output) * Math.tanh(cell[u]);
    }
  };
}
