import type { Tensor } from '../../ir/tensor';
import { codeRange } from '../../ir/dtype';
import { scalerOf } from '../../quant/fixed-point';
import { quantizeMultiplier } from '../../quant/rounding';
import { broadcastInfer, broadcastPairs } from '../broadcast';
import { elementwise } from '../coupling';
import { fixedPairs, productMultiplier, realPairsKernel } from '../code-pairs';
import type { NodeView, OpDefinition } from '../op';
import { plainPairs } from '../pairs';
import { isFixedPoint, realPairs } from '../real-result';
import { preluOnnx } from './onnx';
import { preluTflite } from './tflite';

/** x where it is not negative, slope * x elsewhere. Inputs: x, slope (broadcast to x by NumPy's rule). */
export const prelu: OpDefinition = {
  name: 'prelu',
  label: () => 'PReLU',
  quantization: 'rescales',
  infer: broadcastInfer,
  evaluate(node, [input, slope]) {
    const type = node.outputType();
    const leak = (x: number, s: number): number => (x >= 0 ? x : x * s);
    if (!type.quantization) return [broadcastPairs(type, input!, slope!, leak)];
    return [isFixedPoint(node.rounding) ? fixedPrelu(node, input!, slope!) : realPairs(node, input!, slope!, leak)];
  },
  sinkTranspose: (node) => node.node.attributes,
  kernels: [fixedPairs('TML_FIXED_PRELU', fixedMembers, false), realPairsKernel('TML_REAL_PRELU'), plainPairs('TML_PRELU_F32', 'TML_PRELU_INT')],
  coupling: elementwise,
  onnx: preluOnnx,
  tflite: preluTflite,
};

/** Multipliers of what is passed on and of what is damped. */
function fixedMembers(node: NodeView): Record<string, number> {
  const { mantissa, shift } = quantizeMultiplier(node.staticType(0).quantization!.scale[0] / node.outputType().quantization!.scale[0]);
  return { a_mantissa: mantissa, a_shift: shift, ...productMultiplier(node) };
}

/** Source: TFLM prelu_common.cc, reference_ops Prelu. */
function fixedPrelu(node: NodeView, input: Tensor, slope: Tensor): Tensor {
  const type = node.outputType();
  const [from, slopes, to] = [input.type.quantization!, slope.type.quantization!, type.quantization!];
  const identity = scalerOf(node.rounding, quantizeMultiplier(from.scale[0] / to.scale[0]));
  const product = scalerOf(node.rounding, quantizeMultiplier((from.scale[0] * slopes.scale[0]) / to.scale[0]));
  const [low, high] = codeRange(type.dtype);
  return broadcastPairs(type, input, slope, (code, s) => {
    const x = code - from.zeroPoint[0];
    const y = x >= 0 ? identity(x) : product(x * (s - slopes.zeroPoint[0]));
    return Math.min(high, Math.max(low, y + to.zeroPoint[0]));
  });
}
