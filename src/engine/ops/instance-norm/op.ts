import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { ShapeError, type OpDefinition } from '../op';
import { groupNormKernels } from './kernels';
import { groupNormOnnx } from './onnx';

/**
 * Each group of channels of each image to mean 0 and variance 1, then scale and bias per channel; one group per channel is
 * instance normalization. Axes batch, channels, rest. Inputs: image, scale, bias. Attributes: groups, epsilon.
 */
export const groupNorm: OpDefinition = {
  name: 'group_norm',
  needs: 3,
  label: (node) => (node.type(0).shape?.[1] === node.int('groups') ? 'InstanceNorm' : 'GroupNorm'),
  infer(node) {
    const { dtype, shape } = node.type(0);
    if (shape && (shape.length < 2 || (shape[1] >= 0 && shape[1] % node.int('groups') !== 0))) throw new ShapeError(`${shape[1]} channels in ${node.int('groups')} groups`);
    return [{ dtype, shape }];
  },
  evaluate(node, [input, scale, bias]) {
    const result = zeros(node.outputType());
    const { shape } = input!.type;
    const area = elementCount(shape.slice(2));
    const size = (shape[1] / node.int('groups')) * area;
    const epsilon = node.attributes.epsilon as number;
    for (let start = 0; start < input!.data.length; start += size) {
      let mean = 0;
      for (let i = 0; i < size; i++) mean += input!.data[start + i] / size;
      let variance = 0;
      for (let i = 0; i < size; i++) variance += (input!.data[start + i] - mean) ** 2 / size;
      const inverse = 1 / Math.sqrt(variance + epsilon);
      for (let i = start; i < start + size; i++) {
        const channel = Math.floor(i / area) % shape[1];
        result.data[i] = (input!.data[i] - mean) * inverse * scale!.data[channel] + bias!.data[channel];
      }
    }
    return [result];
  },
  kernels: groupNormKernels,
  onnx: groupNormOnnx,
};
