import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import { tensorOf } from '../../ir/tensor';
import type { ValueId } from '../../ir/types';

/** Operator inputs. Source: tensorflow/lite/kernels/unidirectional_sequence_rnn.cc. */
const [X, WEIGHTS, RECURRENT, BIAS, HIDDEN] = [0, 1, 2, 3, 4];

/** Names that the op gives to fused activations. Source: schema.fbs, ActivationFunctionType. */
const activations: Readonly<Record<number, string>> = { 0: 'Affine', 1: 'Relu', 4: 'Tanh' };

export const rnnTflite: TfliteMapping = {
  import: {
    UNIDIRECTIONAL_SEQUENCE_RNN: (node) => importRnn(node, node.flag('timeMajor'), node.inputs[X], node.shape(X)),
    RNN(node) {
      const [batch, features] = node.shape(X);
      importRnn(node, false, node.step('reshape', [node.inputs[X]], { shape: [batch, 1, features] }), [batch, 1, features]);
    },
  },
};

function importRnn(node: TfliteNode, timeMajor: boolean, x: ValueId | undefined, sequence: readonly number[]): void {
  const activation = activations[node.number('fusedActivationFunction')] ?? node.refuse('an activation that the cell has not');
  if (node.type(WEIGHTS).quantization || node.type(X).quantization) node.refuse('integer weights');
  const [units, features] = node.shape(WEIGHTS);
  if (sequence.length !== 3 || sequence[2] !== features) node.refuse(`sequences of ${sequence.join('×')}, weights for ${features}`);
  const bias = node.constant(BIAS) ?? node.refuse('biases that vary');
  const batch = sequence[timeMajor ? 1 : 0];
  const directed = (id: ValueId | undefined, shape: readonly number[]): ValueId => node.step('reshape', [id], { shape });
  const biases = node.addConstant('biases', tensorOf({ dtype: 'float32', shape: [1, 2 * units] }, [...bias.data, ...new Array<number>(units).fill(0)]));
  const inputs = [
    x, directed(node.inputs[WEIGHTS], [1, units, features]), directed(node.inputs[RECURRENT], [1, units, units]), biases, undefined,
    directed(node.state(HIDDEN), timeMajor ? [1, batch, units] : [batch, 1, units]),
  ];
  const attributes = { direction: 'forward', activations: [activation], hidden: units, batchFirst: !timeMajor };
  const all = node.emit('rnn', inputs, attributes, { last: false, more: [{ dtype: 'float32', shape: undefined }] });
  const [, last] = node.editor.producerOf(all)!.outputs;
  node.emit('reshape', [all], { shape: node.outputTypes[0].shape?.length === 2 ? [batch, units] : [sequence[0], sequence[1], units] });
  node.setState(HIDDEN, directed(last, [batch, units]));
}
