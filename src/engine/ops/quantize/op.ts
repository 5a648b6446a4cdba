import { codeRange } from '../../ir/dtype';
import { realValues, tensorOf, zeros, type Tensor } from '../../ir/tensor';
import type { Quantization } from '../../ir/types';
import { scalerOf } from '../../quant/fixed-point';
import { quantizeMultiplier, quantizeReal } from '../../quant/rounding';
import { elementwise } from '../coupling';
import { ShapeError, type NodeView, type OpDefinition } from '../op';
import { isFixedPoint } from '../real-result';
import { sameRows } from '../row-rule';
import { quantizeKernels } from './kernels';
import { quantizeOnnx } from './onnx';
import { quantizeTflite } from './tflite';

/**
 * Real numbers, or codes under another scale, to the codes of the output's type. The output's dtype and quantization are
 * set by whoever makes the node: they are the op's meaning, not inferred.
 */
export const quantize: OpDefinition = {
  name: 'quantize',
  label: (node) => (node.type(0).quantization ? 'Requantize' : 'Quantize'),
  keepsConstants: true,
  infer(node) {
    const { dtype, quantization } = node.output().type;
    if (!quantization) throw new ShapeError('a quantized result without scale');
    return [{ dtype, shape: node.type(0).shape, quantization }];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    const range = codeRange(type.dtype);
    const quantization = type.quantization!;
    if (input!.type.quantization && isFixedPoint(node.rounding)) return [requantize(node, input!)];
    const channel = channelOf(quantization, type.shape);
    return [tensorOf(type, realValues(input!).map((real, i) => quantizeReal(node.rounding, real, quantization.scale[channel(i)], quantization.zeroPoint[channel(i)], range)))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  rows: sameRows,
  kernels: quantizeKernels,
  coupling: elementwise,
  onnx: quantizeOnnx,
  tflite: quantizeTflite,
};

/** Codes to codes in fixed point. Source: TFLite reference_ops Requantize. */
function requantize(node: NodeView, input: Tensor): Tensor {
  const type = node.outputType();
  const [from, to] = [input.type.quantization!, type.quantization!];
  const scale = scalerOf(node.rounding, quantizeMultiplier(from.scale[0] / to.scale[0]));
  const [low, high] = codeRange(type.dtype);
  const result = zeros(type);
  for (let i = 0; i < result.data.length; i++) {
    result.data[i] = Math.min(high, Math.max(low, scale(input.data[i] - from.zeroPoint[0]) + to.zeroPoint[0]));
  }
  return result;
}

/** Index into the scales of each element. */
export function channelOf(quantization: Quantization, shape: readonly number[]): (element: number) => number {
  const { axis, scale } = quantization;
  if (axis === undefined) return () => 0;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  return (element) => Math.floor(element / inner) % scale.length;
}
