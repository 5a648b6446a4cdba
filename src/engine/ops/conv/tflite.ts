import type { TfliteMapping, TfliteWriter } from '../../formats/tflite/mapping';
import type { StaticType } from '../../ir/types';
import type { NodeView } from '../op';
import { importTfliteWindow, writeTfliteWindow } from '../tflite-window';
import { transposed } from '../transpose/op';
import { geometry } from './geometry';

export const convTflite: TfliteMapping = {
  import: {
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
    if (window.layout !== 'nhwc' || window.kernel.length !== 2) return writer.refuse('a convolution that is not two-dimensional and channels last');
    const written = writeTfliteWindow(node, writer, window.kernel, true);
    const options = { ...written.options, dilationHFactor: window.dilations[0], dilationWFactor: window.dilations[1], fusedActivationFunction: writer.activation() };
    const rest = writer.inputs.slice(2);
    if (!depthwise && !(group === 1 && input.channels === 1 && isSpread(node))) return writer.emit('CONV_2D', [written.input, writer.inputs[1], ...rest], writer.outputs, options);
    const depthMultiplier = (node.outputType() as StaticType).shape[3] / input.channels;
    writer.emit('DEPTHWISE_CONV_2D', [written.input, turnedWeights(node, writer), ...rest], writer.outputs, { ...options, depthMultiplier });
  },
};

/** A depthwise convolution of one channel is also a plain one: the source's name tells which it was. */
const isSpread = (node: NodeView): boolean => node.node.origin[0]?.op === 'DEPTHWISE_CONV_2D';

function turnedWeights(node: NodeView, writer: TfliteWriter): number {
  const weights = node.constant(1) ?? writer.refuse('depthwise weights that vary');
  const { quantization } = weights.type;
  const turned = quantization?.axis === undefined ? quantization : { ...quantization, axis: 3 };
  return writer.constant('weights', transposed(weights, [3, 1, 2, 0], turned));
}
