import { zeros } from '../../ir/tensor';
import { clampedRange, roundHalfEven } from '../../quant/rounding';
import { broadcastOffsets, broadcastShape } from '../broadcast';
import { clampReal, fusedClamp } from '../clamp-range';
import type { OpDefinition } from '../op';
import { addKernels } from './kernels';
import { addOnnx } from './onnx';
import { addScales } from './scales';

/**
 * Sum of two tensors with broadcasting. Attributes: clampMin, clampMax.
 * Quantized, onnx-float-half-even: float32 of (a - za) * (sa / sc) + (b - zb) * (sb / sc), each step rounded.
 */
export const add: OpDefinition = {
  name: 'add',
  label: () => 'Add',
  quantization: 'rescales',
  fusesClamp: true,
  infer(node) {
    const [a, b] = [node.type(0), node.type(1)];
    return [{ dtype: a.dtype, shape: a.shape && b.shape && broadcastShape(a.shape, b.shape) }];
  },
  evaluate(node, [a, b]) {
    const type = node.outputType();
    const result = zeros(type);
    const offsetsA = broadcastOffsets(a!.type.shape, type.shape);
    const offsetsB = broadcastOffsets(b!.type.shape, type.shape);
    const clamp = fusedClamp(node);
    if (!type.quantization) {
      for (let i = 0; i < result.data.length; i++) result.data[i] = clampReal(a!.data[offsetsA[i]] + b!.data[offsetsB[i]], clamp);
      return [result];
    }
    const { zeroA, zeroB, scaleA, scaleB } = addScales(node);
    const [low, high] = clampedRange(type, clamp.min, clamp.max);
    for (let i = 0; i < result.data.length; i++) {
      const sum = Math.fround(Math.fround((a!.data[offsetsA[i]] - zeroA) * scaleA) + Math.fround((b!.data[offsetsB[i]] - zeroB) * scaleB));
      result.data[i] = Math.min(high, Math.max(low, roundHalfEven(sum) + type.quantization.zeroPoint[0]));
    }
    return [result];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: (node) => (node.type(0).shape?.join() === node.output().type.shape?.join() ? 0 : undefined),
  kernels: addKernels,
  onnx: addOnnx,
};
