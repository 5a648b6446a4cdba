import { zeros } from '../../ir/tensor';
import { channelAxis, channelwise } from '../coupling';
import { imageOf, stridesOf, type Layout } from '../window';
import type { NodeView, OpDefinition } from '../op';
import { batchNormOnnx } from './onnx';
import { batchNormTflite } from './tflite';

/**
 * Per channel (x - mean) / sqrt(variance + epsilon) * scale + bias. Inputs: image, scale, bias, mean, variance. Attributes:
 * layout, epsilon. Passes fold it into the layer before it.
 */
export const batchNorm: OpDefinition = {
  name: 'batch_norm',
  needs: 5,
  label: () => 'BatchNorm',
  imageInputs: [0],
  infer: (node) => [node.type(0)],
  evaluate(node, [input, scale, bias, mean, variance]) {
    const result = zeros(node.outputType());
    const { gain, shift } = affineOf(node, scale!.data, bias!.data, mean!.data, variance!.data);
    const channel = channelIndex(node);
    for (let i = 0; i < result.data.length; i++) result.data[i] = input!.data[i] * gain[channel(i)] + shift[channel(i)];
    return [result];
  },
  coupling: channelwise((node) => (node.staticType(0).shape.length < 3 ? node.staticType(0).shape.length - 1 : channelAxis(node))),
  onnx: batchNormOnnx,
  tflite: batchNormTflite,
};

/** The same as x * gain + shift, per channel, in double precision. */
export function affineOf(node: NodeView, scale: ArrayLike<number>, bias: ArrayLike<number>, mean: ArrayLike<number>, variance: ArrayLike<number>): { gain: Float64Array; shift: Float64Array } {
  const epsilon = node.attributes.epsilon as number;
  const gain = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  return { gain, shift: Float64Array.from(bias, (b, c) => b - mean[c] * gain[c]) };
}

function channelIndex(node: NodeView): (element: number) => number {
  const { shape } = node.staticType(0);
  if (shape.length < 3) return (i) => i % shape[shape.length - 1];
  const layout = node.text('layout') as Layout;
  const image = imageOf(shape, layout);
  const stride = stridesOf(image, layout).channel;
  return (i) => Math.floor(i / stride) % image.channels;
}
