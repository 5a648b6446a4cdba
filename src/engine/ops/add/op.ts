import { clampedRange, roundHalfEven } from '../../quant/rounding';
import { broadcastInfer, broadcastPairs } from '../broadcast';
import { clampReal, fusedClamp } from '../clamp-range';
import { elementwise } from '../coupling';
import type { OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { sameRows } from '../row-rule';
import { fixedSum } from './fixed-sum';
import { addKernels } from './kernels';
import { addOnnx } from './onnx';
import { addScales } from './scales';
import { addTflite } from './tflite';
import { sumGradient } from '../elementwise-gradients';

/**
 * Sum of two tensors with broadcasting. Attributes: clampMin, clampMax.
 * Quantized, onnx-float-half-even: float32 of (a - za) * (sa / sc) + (b - zb) * (sb / sc), each step rounded.
 */
export const add: OpDefinition = {
  name: 'add',
  label: () => 'Add',
  quantization: 'rescales',
  fusesClamp: true,
  infer: broadcastInfer,
  evaluate(node, [a, b]) {
    const type = node.outputType();
    const clamp = fusedClamp(node);
    if (!type.quantization) return [broadcastPairs(type, a!, b!, (x, y) => clampReal(x + y, clamp))];
    if (isFixedPoint(node.rounding)) return [fixedSum(node, a!, b!, 1)];
    const { zeroPoint } = type.quantization;
    const { zeroA, zeroB, scaleA, scaleB } = addScales(node);
    const [low, high] = clampedRange(type, clamp.min, clamp.max);
    return [
      broadcastPairs(type, a!, b!, (x, y) => {
        const sum = Math.fround(Math.fround((x - zeroA) * scaleA) + Math.fround((y - zeroB) * scaleB));
        return Math.min(high, Math.max(low, roundHalfEven(sum) + zeroPoint[0]));
      }),
    ];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: (node) => (node.type(0).shape?.join() === node.output().type.shape?.join() ? 0 : undefined),
  rows: sameRows,
  kernels: addKernels,
  coupling: elementwise,
  gradient: sumGradient,
  onnx: addOnnx,
  tflite: addTflite,
};
