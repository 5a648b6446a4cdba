import { scalerOf } from '../../quant/fixed-point';
import { clampedRange, quantizeMultiplier } from '../../quant/rounding';
import type { Tensor } from '../../ir/tensor';
import { broadcastInfer, broadcastPairs } from '../broadcast';
import { clampReal, fusedClamp } from '../clamp-range';
import { elementwise } from '../coupling';
import { fixedPairs, productMultiplier, realPairsKernel } from '../code-pairs';
import type { NodeView, OpDefinition } from '../op';
import { plainPairs } from '../pairs';
import { isFixedPoint, realPairs } from '../real-result';
import { sameRows } from '../row-rule';
import { mulOnnx } from './onnx';
import { mulTflite } from './tflite';
import { productGradient } from '../elementwise-gradients';

/** Product of two tensors, element by element, with broadcasting. Attributes: clampMin, clampMax. */
export const mul: OpDefinition = {
  name: 'mul',
  label: () => 'Mul',
  quantization: 'rescales',
  fusesClamp: true,
  infer: broadcastInfer,
  evaluate(node, [a, b]) {
    const type = node.outputType();
    const clamp = fusedClamp(node);
    if (type.quantization && isFixedPoint(node.rounding)) return [fixedProduct(node, a!, b!)];
    if (type.quantization) return [realPairs(node, a!, b!, (x, y) => clampReal(x * y, clamp))];
    return [broadcastPairs(type, a!, b!, (x, y) => clampReal(x * y, clamp))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: (node) => (node.type(0).shape?.join() === node.output().type.shape?.join() ? 0 : undefined),
  rows: sameRows,
  kernels: [fixedPairs('TML_FIXED_PRODUCT', productMultiplier), realPairsKernel('TML_REAL_PRODUCT'), plainPairs('TML_MUL_F32', 'TML_MUL_INT')],
  coupling: elementwise,
  gradient: productGradient,
  onnx: mulOnnx,
  tflite: mulTflite,
};

/** Source: TFLite reference_integer_ops MulElementwise. */
function fixedProduct(node: NodeView, a: Tensor, b: Tensor): Tensor {
  const type = node.outputType();
  const [qa, qb, q] = [a.type.quantization!, b.type.quantization!, type.quantization!];
  const scale = scalerOf(node.rounding, quantizeMultiplier((qa.scale[0] * qb.scale[0]) / q.scale[0]));
  const { min, max } = fusedClamp(node);
  const [low, high] = clampedRange(type, min, max);
  const [zeroA, zeroB, zero] = [qa.zeroPoint[0], qb.zeroPoint[0], q.zeroPoint[0]];
  return broadcastPairs(type, a, b, (x, y) => Math.min(high, Math.max(low, scale((x - zeroA) * (y - zeroB)) + zero)));
}
