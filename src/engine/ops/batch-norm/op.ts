import { isStatic } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { channelAxis, channelwise } from '../coupling';
import { ShapeError, type OpDefinition } from '../op';
import { affineOf, channelStride } from './affine';
import { batchNormKernels } from './kernels';
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
  infer(node) {
    const lengths = new Set([1, 2, 3, 4].flatMap((i) => (node.has(i) && isStatic(node.type(i)) ? [node.staticType(i).shape[0]] : [])));
    if (lengths.size > 1) throw new ShapeError(`scale, shift, mean and variance are of different lengths: ${[...lengths].join(', ')}`);
    return [node.type(0)];
  },
  evaluate(node, [input, scale, bias, mean, variance]) {
    const result = zeros(node.outputType());
    const { gain, shift } = affineOf(node, scale!.data, bias!.data, mean!.data, variance!.data);
    const [stride, channels] = [channelStride(node), gain.length];
    const channel = (i: number): number => Math.floor(i / stride) % channels;
    for (let i = 0; i < result.data.length; i++) result.data[i] = input!.data[i] * gain[channel(i)] + shift[channel(i)];
    return [result];
  },
  kernels: batchNormKernels,
  coupling: channelwise((node) => (node.staticType(0).shape.length < 3 ? node.staticType(0).shape.length - 1 : channelAxis(node))),
  onnx: batchNormOnnx,
  tflite: batchNormTflite,
};
