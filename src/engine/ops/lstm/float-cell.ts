import type { Tensor, TensorData } from '../../ir/tensor';
import type { NodeView } from '../op';

/** One time step of one sequence: the hidden and cell state are updated in place. */
export type LstmCell = (x: TensorData, hidden: TensorData, cell: TensorData) => void;

/** Constants of a layer; what it has not is absent. */
export interface LstmParameters {
  readonly weights: Tensor;
  readonly recurrent: Tensor;
  readonly bias?: Tensor;
  /** [3 * units]: how the cell state opens the input, forget and output gates. */
  readonly peepholes?: Tensor;
  /** [outputs, units] and [outputs]: from the cells to the hidden state. */
  readonly projection?: Tensor;
  readonly projectionBias?: Tensor;
  /** [4 * units]: factors of the gates' sums, which are normalized over the units. */
  readonly norms?: Tensor;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const limited = (limit: number) => (x: number): number => (limit > 0 ? Math.min(limit, Math.max(-limit, x)) : x);
/** Keeps a gate whose sums are all equal finite. Source: TFLite tensor_utils, MeanStddevNormalization. */
const NORM_EPSILON = 1e-8;

/** Sources: onnx Operators.md, LSTM-14; TFLite lstm_eval.cc, LstmStepFloat. */
export function floatCell(node: NodeView, { weights, recurrent, bias, peepholes, projection, projectionBias, norms }: LstmParameters): LstmCell {
  const units = recurrent.type.shape[0] / 4;
  const outputs = recurrent.type.shape[1];
  const width = weights.type.shape[1];
  const [limitCell, limitGate, limitProjection] = [limited(number(node, 'cellClip')), limited(number(node, 'gateClip')), limited(number(node, 'projectionClip'))];
  const sums = new Float64Array(4 * units);
  const shown = new Float64Array(units);
  const addBias = (gate: number): void => {
    if (norms) normalize(sums.subarray(gate * units, (gate + 1) * units), norms.data.subarray(gate * units, (gate + 1) * units));
    for (let row = gate * units; row < (gate + 1) * units; row++) sums[row] = limitGate(sums[row] + (bias ? bias.data[row] : 0));
  };
  const peep = (gate: number, place: number, cell: TensorData): void => {
    if (peepholes) for (let u = 0; u < units; u++) sums[gate * units + u] += peepholes.data[place * units + u] * cell[u];
  };
  return (x, hidden, cell) => {
    for (let row = 0; row < 4 * units; row++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += weights.data[row * width + i] * x[i];
      for (let i = 0; i < outputs; i++) sum += recurrent.data[row * outputs + i] * hidden[i];
      sums[row] = sum;
    }
    peep(INPUT, 0, cell);
    peep(FORGET, 1, cell);
    for (const gate of [INPUT, FORGET, CANDIDATE]) addBias(gate);
    for (let u = 0; u < units; u++) cell[u] = limitCell(logistic(sums[FORGET * units + u]) * cell[u] + logistic(sums[u]) * Math.tanh(sums[CANDIDATE * units + u]));
    // The output gate looks at the new state of the cell.
    peep(OUTPUT, 2, cell);
    addBias(OUTPUT);
    for (let u = 0; u < units; u++) shown[u] = logistic(sums[OUTPUT * units + u]) * Math.tanh(cell[u]);
    if (!projection) return hidden.set(shown);
    for (let o = 0; o < outputs; o++) {
      let sum = projectionBias ? projectionBias.data[o] : 0;
      for (let u = 0; u < units; u++) sum += projection.data[o * units + u] * shown[u];
      hidden[o] = limitProjection(sum);
    }
  };
}

/** Gates in the order of the weights' rows. */
const [INPUT, FORGET, CANDIDATE, OUTPUT] = [0, 1, 2, 3];

const number = (node: NodeView, name: string): number => node.int(name, 0);

function normalize(sums: Float64Array, factors: TensorData): void {
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const variance = sums.reduce((a, b) => a + (b - mean) ** 2, 0) / sums.length;
  for (let u = 0; u < sums.length; u++) sums[u] = ((sums[u] - mean) / Math.sqrt(variance + NORM_EPSILON)) * factors[u];
}
