import type { Tensor } from '../../ir/tensor';
import { codeRange } from '../../ir/dtype';
import { scalerOf } from '../../quant/fixed-point';
import { quantizeMultiplier } from '../../quant/rounding';
import { codeFunction, realFunction } from '../code-function';
import { elementwise } from '../coupling';
import { lookup8 } from '../lookup';
import { resultDtype, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { leakyReluOnnx } from './onnx';
import { leakyReluTflite } from './tflite';

/** x where it is positive, alpha * x elsewhere. Attribute: alpha. */
export const leakyRelu: OpDefinition = {
  name: 'leaky_relu',
  label: () => 'LeakyReLU',
  quantization: 'rescales',
  infer: (node) => [{ dtype: resultDtype(node), shape: node.type(0).shape }],
  evaluate(node, [input]) {
    if (input!.type.quantization && isFixedPoint(node.rounding)) return [fixedLeaky(node, input!)];
    const alpha = node.int('alpha');
    return [realFunction(node, input!, (x) => (x > 0 ? x : x * alpha))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  kernels: [lookup8(() => leakyRelu)],
  coupling: elementwise,
  onnx: leakyReluOnnx,
  tflite: leakyReluTflite,
};

/** Scales are combined in float32. Source: TFLM leaky_relu_common.cc, reference_ops QuantizeLeakyRelu. */
function fixedLeaky(node: NodeView, input: Tensor): Tensor {
  const type = node.outputType();
  const [from, to] = [input.type.quantization!, type.quantization!];
  const alpha = Math.fround(node.int('alpha'));
  const identity = scalerOf(node.rounding, quantizeMultiplier(Math.fround(from.scale[0] / to.scale[0])));
  const slope = Math.fround(Math.fround(from.scale[0] * alpha) / to.scale[0]);
  const size = scalerOf(node.rounding, quantizeMultiplier(Math.abs(slope)));
  const [low, high] = codeRange(type.dtype);
  return codeFunction(node, input, (code) => {
    const x = code - from.zeroPoint[0];
    const y = x >= 0 ? identity(x) : slope < 0 ? -size(x) : size(x);
    return Math.min(high, Math.max(low, y + to.zeroPoint[0]));
  });
}
