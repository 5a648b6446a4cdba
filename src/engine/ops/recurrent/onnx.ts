import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { cellFunctions } from './functions';

const directions = ['forward', 'reverse', 'bidirectional'];

/** Attributes that GRU and RNN share; activations are names per direction. */
function emitRecurrent(node: OnnxNode, name: string, defaults: readonly string[], extra: Record<string, boolean> = {}): void {
  const direction = node.text('direction', 'forward');
  if (!directions.includes(direction)) node.refuse(`the direction ${direction}`);
  const perDirection = direction === 'bidirectional' ? 2 : 1;
  const given = node.texts('activations');
  const activations = given.length ? given : Array.from({ length: perDirection }, () => defaults).flat();
  const unknown = activations.find((activation) => !(activation.toLowerCase() in cellFunctions));
  if (unknown !== undefined) node.refuse(`the activation ${unknown}`);
  if (node.attribute('activation_alpha') || node.attribute('activation_beta')) node.refuse('activations with parameters of their own');
  node.attribute('hidden_size'); // the weights say the same
  const { shape } = node.known(2);
  if (shape.length !== 3) node.refuse(`recurrent weights of ${shape.length} axes instead of 3`);
  const clip = node.attribute('clip')?.f;
  node.emit(name, node.inputs.slice(0, 6), {
    direction, activations, hidden: shape[2], batchFirst: node.int('layout', 0) === 1, ...(clip === undefined ? {} : { clip }), ...extra,
  });
}

const exportRecurrent = (onnxName: string): OnnxMapping['export'] => (node, writer) =>
  writer.emit(onnxName, writer.inputs, writer.outputs, {
    direction: node.text('direction'), activations: node.attributes.activations as readonly string[], hidden_size: node.int('hidden'), layout: node.flag('batchFirst') ? 1 : 0,
    clip: node.attributes.clip === undefined ? undefined : { float: node.attributes.clip as number },
    linear_before_reset: node.flag('resetsAfter') ? 1 : undefined,
  });

export const gruOnnx: OnnxMapping = {
  import: { GRU: (node) => emitRecurrent(node, 'gru', ['Sigmoid', 'Tanh'], { resetsAfter: node.int('linear_before_reset', 0) === 1 }) },
  export: exportRecurrent('GRU'),
};

export const rnnOnnx: OnnxMapping = {
  import: { RNN: (node) => emitRecurrent(node, 'rnn', ['Tanh']) },
  export: exportRecurrent('RNN'),
};
