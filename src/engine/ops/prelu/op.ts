import type { Tensor } from '../../ir/tensor';
import { codeRange } from '../../ir/dtype';
import { scalerOf } from '../../quant/fixed-point';
import { quantizeMultiplier } from '../../quant/rounding';
import { broadcastInfer, broadcastPairs } from '../broadcast';
import { elementwise } from '../coupling';
import type { NodeView, OpDefinition } from '../op';
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
  coupling: elementwise,
  onnx: preluOnnx,
  tflite: preluTflite,
};

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
