import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { constantTensor, tensorOf, type Tensor } from '../../ir/tensor';
import type { TensorType, ValueId } from '../../ir/types';

/** Operator inputs by role. Source: tensorflow/lite/kernels/lstm_shared.h. */
const INPUT_WEIGHTS = [1, 2, 3, 4];
const RECURRENT_WEIGHTS = [5, 6, 7, 8];
const BIASES = [12, 13, 14, 15];
const HIDDEN = 18;
const CELL = 19;
const TANH = 4;
const PEEPHOLES = [9, 10, 11];
const [PROJECTION, PROJECTION_BIAS] = [16, 17];
const NORMS = [20, 21, 22, 23];
const RARE = [...PEEPHOLES, PROJECTION, PROJECTION_BIAS, ...NORMS];

export const lstmTflite: TfliteMapping = {
  import: {
    UNIDIRECTIONAL_SEQUENCE_LSTM(node) {
      const isRare = RARE.some((i) => node.inputs[i] !== undefined);
      if (isRare && node.type(0).quantization) node.refuse('peepholes, a projection or normalization of codes');
      if (node.number('fusedActivationFunction') !== TANH) node.refuse('an activation other than tanh');
      if (node.type(2).quantization && !node.type(0).quantization) node.refuse('integer weights for real inputs');
      const weights = stacked(node, INPUT_WEIGHTS, 'weights');
      const recurrent = stacked(node, RECURRENT_WEIGHTS, 'recurrent');
      const bias = node.inputs[BIASES[1]] === undefined ? undefined : stacked(node, BIASES, 'bias');
      const [hidden, cell] = [node.state(HIDDEN), node.state(CELL)];
      const more = [hidden, cell].map((id) => node.editor.value(id).type);
      const rare = isRare ? [stackedIfAny(node, PEEPHOLES, 'peepholes'), node.inputs[PROJECTION], node.inputs[PROJECTION_BIAS], stackedIfAny(node, NORMS, 'norms')] : [];
      const projectionClip = node.number('projClip');
      const attributes = { timeMajor: node.flag('timeMajor'), cellClip: node.number('cellClip'), ...(projectionClip ? { projectionClip } : {}) };
      node.emit('lstm', [node.inputs[0], weights, recurrent, bias, hidden, cell, ...rare], attributes, { more });
      node.setState(HIDDEN, node.result(1));
      node.setState(CELL, node.result(2));
    },
  },
  export(node, writer) {
    if (node.flag('reverse')) return writer.refuse('a sequence read backwards');
    const inputs = new Array<number>(24).fill(-1);
    inputs[0] = writer.inputs[0];
    const put = (roles: readonly number[], input: number, what: string): void => {
      const whole = node.constant(input);
      if (!whole) return;
      unstacked(whole, roles.length).forEach((gate, i) => (inputs[roles[i]] = writer.constant(`${what}${i}`, gate)));
    };
    put(INPUT_WEIGHTS, 1, 'weights');
    put(RECURRENT_WEIGHTS, 2, 'recurrent');
    put(BIASES, 3, 'bias');
    put(PEEPHOLES, 6, 'peepholes');
    put(NORMS, 9, 'norms');
    [inputs[PROJECTION], inputs[PROJECTION_BIAS]] = [7, 8].map((i) => writer.inputs[i] ?? -1);
    if (node.int('gateClip', 0)) return writer.refuse('bounded gates');
    [inputs[HIDDEN], inputs[CELL]] = [writer.inputs[4], writer.inputs[5]];
    // What the gates hold inside: integer kernels want to know its scale.
    const hidden = node.staticType(4);
    const gate: TensorType = { dtype: 'int16', shape: hidden.shape, quantization: { scale: [2 ** -12], zeroPoint: [0] } };
    const intermediates = hidden.quantization ? [gate, gate, gate, gate, hidden].map((type, i) => writer.temporary(`intermediate${i}`, type)) : undefined;
    const options = { fusedActivationFunction: TANH, cellClip: node.int('cellClip', 0), projClip: node.int('projectionClip', 0), timeMajor: node.flag('timeMajor') ? 1 : 0 };
    writer.emit('UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, writer.outputs.slice(0, 1), options, { intermediates });
  },
};

/** Rows of the gates, each with its own scale. */
function unstacked({ type, data }: Tensor, parts: number): Tensor[] {
  const [rows, ...rest] = type.shape;
  const size = data.length / parts;
  return Array.from({ length: parts }, (_, gate) => {
    const scale = type.quantization?.scale[(gate * rows) / parts];
    const quantization = scale === undefined ? undefined : { scale: [scale], zeroPoint: [0] };
    return tensorOf({ dtype: type.dtype, shape: [rows / parts, ...rest], quantization }, data.slice(gate * size, (gate + 1) * size));
  });
}

/** The same where the operator has any of them. */
const stackedIfAny = (node: TfliteNode, inputs: readonly number[], what: string): ValueId | undefined =>
  inputs.some((i) => node.inputs[i] !== undefined) ? stacked(node, inputs, what) : undefined;

/** Gates' weights or biases as one constant, each row with its gate's scale. */
function stacked(node: TfliteNode, inputs: readonly number[], what: string): ValueId {
  const gates = inputs.map((input) => {
    const id = node.inputs[input] ?? node.refuse('gates that are coupled');
    const value = node.editor.value(id);
    return value.constant && value.type.dtype !== 'string' ? constantTensor(value) : node.refuse(`${what} that vary`);
  });
  const [{ type }] = gates;
  const [rows, ...rest] = type.shape;
  if (gates.some((gate) => gate.type.shape.join() !== type.shape.join() || gate.type.dtype !== type.dtype)) node.refuse('gates of different shapes');
  const scales = gates.flatMap((gate) => (gate.type.quantization ? new Array<number>(rows).fill(gate.type.quantization.scale[0]) : []));
  if (scales.length !== 0 && scales.length !== inputs.length * rows) node.refuse('gates of different types');
  const quantization = scales.length && what !== 'bias' ? { scale: scales, zeroPoint: scales.map(() => 0), axis: 0 } : undefined;
  const joined = tensorOf({ dtype: type.dtype, shape: [inputs.length * rows, ...rest], quantization }, gates.flatMap((gate) => Array.from(gate.data)));
  return node.addConstant(what, joined);
}
