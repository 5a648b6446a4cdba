import type { TfliteMapping, TfliteWriter } from '../../formats/tflite/mapping';
import { reshaped } from '../../ir/tensor';
import type { NodeView } from '../op';
import { importTfliteWindow, planeOf, writeTfliteWindow } from '../tflite-window';
import { transposed } from '../transpose/op';
import { tfliteBias } from '../weights';
import { geometry } from './geometry';
import { volumeImporters, writeVolume } from './tflite-volume';

export const convTflite: TfliteMapping = {
  import: {
    ...volumeImporters,
    CONV_2D(node) {
      const [, ...kernel] = node.shape(1);
      const image = node.type(0).shape ?? node.refuse('an image of unknown rank');
      const perGroup = kernel.pop()!;
      const window = importTfliteWindow(node, kernel, image, true);
      if (image[3] % perGroup !== 0) node.refuse(`${image[3]} channels for weights of ${perGroup}`);
      node.emitActivated('conv', node.inputs.slice(0, 3), { ...window, group: image[3] / perGroup });
    },
    DEPTHWISE_CONV_2D(node) {
      const weights = node.shape(1);
      const image = node.type(0).shape ?? node.refuse('an image of unknown rank');
      const window = importTfliteWindow(node, weights.slice(1, 3), image, true);
      if (weights[0] !== 1 || weights[3] % image[3] !== 0) node.refuse(`weights of ${weights.join('×')} for ${image[3]} channels`);
      // [1, h, w, channels] to [channels, h, w, 1]: each output channel has weights for one input channel.
      const turned = node.emit('transpose', [node.inputs[1]], { permutation: [3, 1, 2, 0] }, { last: false, suffix: 'weights' });
      node.emitActivated('conv', [node.inputs[0], turned, node.inputs[2]], { ...window, group: image[3] });
    },
  },
  export(node, writer) {
    const { window, input, depthwise, group } = geometry(node);
    if (window.layout === 'nhwc' && window.kernel.length === 3) return writeVolume(node, writer);
    const plane = planeOf(node, writer, window.kernel);
    const written = writeTfliteWindow(node, writer, plane, true);
    const options = { ...written.options, dilationHFactor: plane.dilations[0], dilationWFactor: plane.dilations[1], fusedActivationFunction: writer.activation() };
    const bias = tfliteBias(node, writer);
    if (depthwise || (input.channels === 1 && wasDepthwise(node))) {
      const depthMultiplier = node.outputType().shape[node.outputType().shape.length - 1] / input.channels;
      writer.emit('DEPTHWISE_CONV_2D', [written.input, depthwiseWeights(node, writer), bias], [plane.output], { ...options, depthMultiplier });
    } else {
      if (group !== 1 && !node.isConstant(1)) writer.refuse('groups with weights that vary');
      writer.emit('CONV_2D', [written.input, planeWeights(node, writer), bias], [plane.output], options);
    }
    plane.finish();
  },
};

/** A depthwise convolution of one channel is also a plain one: the source tells which it was. */
const wasDepthwise = (node: NodeView): boolean => node.node.origin[0]?.op === 'DEPTHWISE_CONV_2D';

/** [out, w, in] with one spatial axis as [out, 1, w, in]. */
function planeWeights(node: NodeView, writer: TfliteWriter): number {
  const { shape } = node.staticType(1);
  if (shape.length === 4) return writer.inputs[1];
  const weights = node.constant(1) ?? writer.refuse('weights that vary');
  return writer.constant('weights', reshaped(weights, [shape[0], 1, ...shape.slice(1)]));
}

/** [channels, h, w, 1] as [1, h, w, channels]. */
function depthwiseWeights(node: NodeView, writer: TfliteWriter): number {
  const stored = node.constant(1) ?? writer.refuse('depthwise weights that vary');
  const { shape, quantization } = stored.type;
  const weights = shape.length === 4 ? stored : reshaped(stored, [shape[0], 1, ...shape.slice(1)]);
  const turned = quantization?.axis === undefined ? quantization : { ...quantization, axis: 3 };
  return writer.constant('weights', transposed(weights, [3, 1, 2, 0], turned));
}
