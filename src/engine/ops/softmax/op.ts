import { codeRange } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { acrossAxes } from '../coupling';
import { normalAxis, resultDtype, type NodeView, type OpDefinition } from '../op';
import { roundHalfEven } from '../../quant/rounding';
import { softmaxKernels } from './kernels';
import { softmaxOnnx } from './onnx';
import { softmaxTflite } from './tflite';
import { rowwiseInfer } from '../rows';
import { exponentials } from './exponentials';
import { isFixedPoint } from '../real-result';
import { softmaxInt16, softmaxInt8 } from './fixed';
import { forEachRow, softmaxRows } from './rows';

/**
 * exp(x) / sum of exp over one axis. Attributes: axis, beta (factor of the exponents, 1 where absent).
 * Quantized: exponentials of the 256 possible distances from the largest code come from a table of integers, so that every
 * machine computes the same bits; the quotient is float32 and ties go to even.
 */
export const softmax: OpDefinition = {
  name: 'softmax',
  label: () => 'Softmax',
  quantization: 'rescales',
  // Shares lie between 0 and 1; TFLite fixes the same scale.
  outputQuantization: { scale: [1 / 256], zeroPoint: [-128] },
  infer: (node) => rowwiseInfer(node, node.int('axis', -1)).map((type) => ({ ...type, dtype: resultDtype(node) })),
  evaluate(node, [input]) {
    if (!node.outputType().quantization) return [float(node, input!)];
    if (!isFixedPoint(node.rounding)) return [quantized(node, input!)];
    return [input!.type.dtype === 'int16' ? softmaxInt16(node, input!) : softmaxInt8(node, input!)];
  },
  sinkTranspose: (node, permutation) => ({ axis: permutation[normalAxis(node.int('axis', -1), permutation.length)] }),
  inPlace: () => 0,
  kernels: softmaxKernels,
  coupling: acrossAxes((node) => [normalAxis(node.int('axis', -1), node.staticType(0).shape.length)]),
  onnx: softmaxOnnx,
  tflite: softmaxTflite,
};

function float(node: NodeView, input: Tensor): Tensor {
  const result = zeros(node.outputType());
  const beta = node.int('beta', 1);
  forEachRow(node, (at, depth) => {
    let largest = -Infinity;
    for (let i = 0; i < depth; i++) largest = Math.max(largest, input.data[at(i)]);
    const share = (i: number): number => Math.exp((input.data[at(i)] - largest) * beta);
    let sum = 0;
    for (let i = 0; i < depth; i++) sum += share(i);
    for (let i = 0; i < depth; i++) result.data[at(i)] = share(i) / sum;
  });
  return result;
}

function quantized(node: NodeView, input: Tensor): Tensor {
  const type = node.outputType();
  const result = zeros(type);
  const table = exponentials(input.type.quantization!.scale[0], softmaxRows(node).depth);
  const inverse = Math.fround(1 / Math.fround(type.quantization!.scale[0]));
  const zeroPoint = type.quantization!.zeroPoint[0];
  const [low, high] = codeRange(type.dtype);
  forEachRow(node, (at, depth) => {
    let largest = -Infinity;
    for (let i = 0; i < depth; i++) largest = Math.max(largest, input.data[at(i)]);
    let sum = 0;
    for (let i = 0; i < depth; i++) sum += table[largest - input.data[at(i)]];
    for (let i = 0; i < depth; i++) {
      const share = Math.fround(Math.fround(table[largest - input.data[at(i)]]) / Math.fround(sum));
      result.data[at(i)] = Math.min(high, Math.max(low, roundHalfEven(Math.fround(share * inverse)) + zeroPoint));
    }
  });
  return result;
}
