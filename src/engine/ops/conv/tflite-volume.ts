import type { TfliteImporters, TfliteWriter } from '../../formats/tflite/mapping';
import { tensorOf } from '../../ir/tensor';
import type { NodeView } from '../op';
import { importTfliteVolume, samePads } from '../tflite-window';
import { transposed } from '../transpose/op';
import { geometry } from './geometry';

/** Weights of TFLite's convolution over volumes, [d, h, w, in, out], as ours, [out, d, h, w, in], and back. */
const FROM_TFLITE = [4, 0, 1, 2, 3];
const TO_TFLITE = [1, 2, 3, 4, 0];

export const volumeImporters: TfliteImporters = {
  CONV_3D(node) {
    node.needReal();
    const weights = node.shape(1);
    const image = node.type(0).shape ?? node.refuse('an image of unknown rank');
    const window = importTfliteVolume(node, weights.slice(0, 3), image);
    if (weights.length !== 5 || image[4] % weights[3] !== 0) node.refuse(`weights of ${weights.join('×')} for ${image[4]} channels`);
    const turned = node.emit('transpose', [node.inputs[1]], { permutation: FROM_TFLITE }, { last: false, suffix: 'weights' });
    node.emitActivated('conv', [node.inputs[0], turned, node.inputs[2]], { ...window, group: image[4] / weights[3] });
  },
};

/** A convolution with three spatial axes. */
export function writeVolume(node: NodeView, writer: TfliteWriter): void {
  const { window, input } = geometry(node);
  const stored = node.constant(1) ?? writer.refuse('weights that vary');
  if (node.type(0).quantization) return writer.refuse('codes in a volume');
  const { kernel, strides, dilations, padBegin, padEnd } = window;
  const pads = [...padBegin, ...padEnd];
  const isSame = samePads(input.spatial, kernel, strides, dilations).join() === pads.join();
  const from = isSame || pads.every((pad) => pad === 0) ? writer.inputs[0] : padded(node, writer, pads);
  writer.emit('CONV_3D', [from, writer.constant('weights', transposed(stored, TO_TFLITE)), ...writer.inputs.slice(2)], writer.outputs, {
    padding: isSame && pads.some((pad) => pad !== 0) ? 0 : 1, strideD: strides[0], strideH: strides[1], strideW: strides[2],
    dilationDFactor: dilations[0], dilationHFactor: dilations[1], dilationWFactor: dilations[2], fusedActivationFunction: writer.activation(),
  });
}

/** The image with its pads, by an operator of its own. */
function padded(node: NodeView, writer: TfliteWriter, [d0, h0, w0, d1, h1, w1]: readonly number[]): number {
  const type = node.staticType(0);
  const pairs = [0, 0, d0, d1, h0, h1, w0, w1, 0, 0];
  const result = writer.temporary('padded', { ...type, shape: type.shape.map((extent, axis) => extent + pairs[2 * axis] + pairs[2 * axis + 1]) });
  writer.emit('PAD', [writer.inputs[0], writer.constant('pads', tensorOf({ dtype: 'int32', shape: [5, 2] }, pairs))], [result]);
  return result;
}
