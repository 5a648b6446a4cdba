import { codeRange } from '../../ir/dtype';
import { realValues, tensorOf } from '../../ir/tensor';
import type { Quantization } from '../../ir/types';
import { quantizeReal } from '../../quant/rounding';
import { ShapeError, type OpDefinition } from '../op';
import { quantizeKernels } from './kernels';
import { quantizeOnnx } from './onnx';

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
    const channel = channelOf(quantization, type.shape);
    return [tensorOf(type, realValues(input!).map((real, i) => quantizeReal(node.rounding, real, quantization.scale[channel(i)], quantization.zeroPoint[channel(i)], range)))];
  },
  sinkTranspose: (node) => node.node.attributes,
  inPlace: () => 0,
  kernels: quantizeKernels,
  onnx: quantizeOnnx,
};

/** Index into the scales of each element. */
export function channelOf(quantization: Quantization, shape: readonly number[]): (element: number) => number {
  const { axis, scale } = quantization;
  if (axis === undefined) return () => 0;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  return (element) => Math.floor(element / inner) % scale.length;
}
