import { codeRange } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { normalAxis, type NodeView, type OpDefinition } from '../op';
import { roundHalfEven } from '../../quant/rounding';
import { softmaxKernels } from './kernels';
import { softmaxOnnx } from './onnx';
import { exponentials } from './exponentials';
import { softmaxRows } from './rows';

/**
 * exp(x) / sum of exp over one axis. Attribute: axis.
 * Quantized: exponentials of the 256 possible distances from the largest code come from a table of integers, so that every
 * machine computes the same bits; the quotient is float32 and ties go to even.
 */
export const softmax: OpDefinition = {
  name: 'softmax',
  label: () => 'Softmax',
  quantization: 'rescales',
  // Shares lie between 0 and 1; TFLite fixes the same scale.
  outputQuantization: { scale: [1 / 256], zeroPoint: [-128] },
  infer: (node) => [{ dtype: node.type(0).dtype, shape: node.type(0).shape }],
  evaluate(node, [input]) {
    return [node.outputType().quantization ? quantized(node, input!) : float(node, input!)];
  },
  sinkTranspose: (node, permutation) => ({ axis: permutation[normalAxis(node.int('axis', -1), permutation.length)] }),
  inPlace: () => 0,
  kernels: softmaxKernels,
  onnx: softmaxOnnx,
};

function forEachRow(node: NodeView, visit: (at: (i: number) => number, depth: number) => void): void {
  const { outer, depth, inner } = softmaxRows(node);
  for (let o = 0; o < outer; o++) for (let j = 0; j < inner; j++) visit((i) => (o * depth + i) * inner + j, depth);
}

function float(node: NodeView, input: Tensor): Tensor {
  const result = zeros(node.outputType());
  forEachRow(node, (at, depth) => {
    let largest = -Infinity;
    for (let i = 0; i < depth; i++) largest = Math.max(largest, input.data[at(i)]);
    let sum = 0;
    for (let i = 0; i < depth; i++) sum += Math.exp(input.data[at(i)] - largest);
    for (let i = 0; i < depth; i++) result.data[at(i)] = Math.exp(input.data[at(i)] - largest) / sum;
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
