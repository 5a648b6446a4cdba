import { sumQ31S8 } from '../add/add-q31';
import { fixedSum, fixedSumMembers } from '../add/fixed-sum';
import { broadcastInfer, broadcastPairs } from '../broadcast';
import { clampReal, fusedClamp } from '../clamp-range';
import { elementwise } from '../coupling';
import { fixedPairs, realPairsKernel } from '../code-pairs';
import type { OpDefinition } from '../op';
import { plainPairs } from '../pairs';
import { isFixedPoint, realPairs } from '../real-result';
import { sameRows } from '../row-rule';
import { subOnnx } from './onnx';
import { subTflite } from './tflite';
import { differenceGradient } from '../elementwise-gradients';

/** Difference of two tensors with broadcasting. Attributes: clampMin, clampMax. */
export const sub: OpDefinition = {
  name: 'sub',
  label: () => 'Sub',
  quantization: 'rescales',
  fusesClamp: true,
  infer: broadcastInfer,
  evaluate(node, [a, b]) {
    const type = node.outputType();
    const clamp = fusedClamp(node);
    if (type.quantization && isFixedPoint(node.rounding)) return [fixedSum(node, a!, b!, -1)];
    if (type.quantization) return [realPairs(node, a!, b!, (x, y) => clampReal(x - y, clamp))];
    return [broadcastPairs(type, a!, b!, (x, y) => clampReal(x - y, clamp))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: (node) => (node.type(0).shape?.join() === node.output().type.shape?.join() ? 0 : undefined),
  rows: sameRows,
  kernels: [sumQ31S8(-1), fixedPairs('TML_FIXED_SUM', (node) => fixedSumMembers(node, -1)), realPairsKernel('TML_REAL_DIFFERENCE'), plainPairs('TML_SUB_F32', 'TML_SUB_INT')],
  coupling: elementwise,
  gradient: differenceGradient,
  onnx: subOnnx,
  tflite: subTflite,
};
