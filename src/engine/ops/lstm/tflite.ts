import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { constantTensor, tensorOf, type Tensor } from '../../ir/tensor';
import type { Attributes, TensorType, ValueId } from '../../ir/types';

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
/** Of the bidirectional operator: where the second direction's weights stand behind the first's. Source: bidirectional_sequence_lstm.cc. */
const BACKWARD = 17;
const AUXILIARY = Array.from({ length: 9 }, (_, i) => 39 + i);

/** Where the inputs of one direction stand. */
interface Place {
  /** Added to the places of weights, biases and projection. */
  readonly first: number;
  readonly hidden: number;
  readonly cell: number;
  readonly hasNorms: boolean;
}

function directionOf(node: TfliteNode, { first, hidden, cell, hasNorms }: Place): { inputs: (ValueId | undefined)[]; attributes: Attributes; more: TensorType[] } {
  const at = (places: readonly number[]): number[] => places.map((place) => place + first);
  const [projection, projectionBias] = at([PROJECTION, PROJECTION_BIAS]);
  const isRare = [...at(PEEPHOLES), projection, projectionBias, ...(hasNorms ? NORMS : [])].some((i) => node.inputs[i] !== undefined);
  if (isRare && node.type(0).quantization) node.refuse('peepholes, a projection or normalization of codes');
  if (node.number('fusedActivationFunction') !== TANH) node.refuse('an activation other than tanh');
  if (node.type(2).quantization && !node.type(0).quantization) node.refuse('integer weights for real inputs');
  const weights = stacked(node, at(INPUT_WEIGHTS), 'weights');
  const recurrent = stacked(node, at(RECURRENT_WEIGHTS), 'recurrent');
  const bias = node.inputs[BIASES[1] + first] === undefined ? undefined : stacked(node, at(BIASES), 'bias');
  const states = [node.state(hidden), node.state(cell)];
  const rare = isRare ? [stackedIfAny(node, at(PEEPHOLES), 'peepholes'), node.inputs[projection], node.inputs[projectionBias], hasNorms ? stackedIfAny(node, NORMS, 'norms') : undefined] : [];
  const projectionClip = node.number('projClip');
  return {
    inputs: [node.inputs[0], weights, recurrent, bias, ...states, ...rare],
    attributes: { timeMajor: node.flag('timeMajor'), cellClip: node.number('cellClip'), ...(projectionClip ? { projectionClip } : {}) },
    more: states.map((id) => node.editor.value(id).type),
  };
}

export const lstmTflite: TfliteMapping = {
  import: {
    UNIDIRECTIONAL_SEQUENCE_LSTM(node) {
      const { inputs, attributes, more } = directionOf(node, { first: 0, hidden: HIDDEN, cell: CELL, hasNorms: true });
      node.emit('lstm', inputs, attributes, { more });
      node.setState(HIDDEN, node.result(1));
      node.setState(CELL, node.result(2));
    },
    BIDIRECTIONAL_SEQUENCE_LSTM(node) {
      if (AUXILIARY.some((i) => node.inputs[i] !== undefined)) node.refuse('a second input');
      node.needReal();
      const steps = [{ first: 0, hidden: 35, cell: 36 }, { first: BACKWARD, hidden: 37, cell: 38 }].map((place, d) => {
        const { inputs, attributes, more } = directionOf(node, { ...place, hasNorms: false });
        const all = node.emit('lstm', inputs, { ...attributes, reverse: d === 1 }, { last: false, suffix: d ? 'backward' : 'forward', more });
        const [, hidden, cell] = node.editor.producerOf(all)!.outputs;
        node.setState(place.hidden, hidden);
        node.setState(place.cell, cell);
        return all;
      });
      if (node.flag('mergeOutputs')) return void node.emit('concat', steps, { axis: 2 });
      steps.forEach((all, d) => node.alias(d, all));
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
