import { codeRange } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { expOfNegative, fixedReciprocal, inputRadius } from '../../quant/fixed-functions';
import { highMul, roundingShift, scalerOf, scaleTwice } from '../../quant/fixed-point';
import { interpolatedInt16, sampledInt16 } from '../../quant/int16-functions';
import { quantizeMultiplier } from '../../quant/rounding';
import type { NodeView } from '../op';
import { forEachRow } from './rows';

/** Bits before the point of the scaled differences, and of the sum of exponentials. */
const DIFFERENCE_BITS = 5;
const SUM_BITS = 12;

/** How differences of codes scale before exp, and the smallest one that counts. */
export function differenceScale(node: NodeView): { readonly mantissa: number; readonly shift: number; readonly smallest: number } {
  const real = Math.min(node.int('beta', 1) * node.staticType(0).quantization!.scale[0] * 2 ** (31 - DIFFERENCE_BITS), 2 ** 31 - 1);
  const { mantissa, shift } = quantizeMultiplier(real);
  return { mantissa, shift, smallest: -inputRadius(DIFFERENCE_BITS, shift) };
}

/** 8-bit codes in, 8 or 16 bits out. Source: TFLite reference_ops Softmax for integers. */
export function softmaxInt8(node: NodeView, input: Tensor): Tensor {
  const type = node.outputType();
  const result = zeros(type);
  const { mantissa, shift, smallest } = differenceScale(node);
  const exponentials = new Map<number, number>();
  const exponential = (difference: number): number => {
    let value = exponentials.get(difference);
    if (value === undefined) exponentials.set(difference, (value = expOfNegative(scaleTwice(difference, mantissa, shift), DIFFERENCE_BITS)));
    return value;
  };
  const [low, high] = codeRange(type.dtype);
  const bits = type.dtype === 'int16' ? 16 : 8;
  forEachRow(node, (at, depth) => {
    let largest = -Infinity;
    for (let i = 0; i < depth; i++) largest = Math.max(largest, input.data[at(i)]);
    let sum = 0;
    for (let i = 0; i < depth; i++) {
      const difference = input.data[at(i)] - largest;
      if (difference >= smallest) sum = (sum + roundingShift(exponential(difference), SUM_BITS)) | 0;
    }
    const { mantissa: share, bitsOverUnit } = fixedReciprocal(sum, SUM_BITS);
    for (let i = 0; i < depth; i++) {
      const difference = input.data[at(i)] - largest;
      const code = difference >= smallest ? roundingShift(highMul(share, exponential(difference)), bitsOverUnit + 31 - bits) + low : low;
      result.data[at(i)] = Math.min(high, Math.max(low, code));
    }
  });
  return result;
}

/** Codes that stand for -10 to 0, and for 0 to 1. */
export const expTable = sampledInt16(Math.fround(10 / 65535), 32767, Math.fround(2 / 65535), 0, (x) => Math.exp(x));
export const reciprocalTable = sampledInt16(Math.fround(1 / 65535), -32768, Math.fround(2 / 65535), 0, (x) => 1 / (1 + x));

/** How differences of 16-bit codes become codes of the exponential's table. */
export const int16Difference = (node: NodeView): ReturnType<typeof quantizeMultiplier> => quantizeMultiplier((node.staticType(0).quantization!.scale[0] * node.int('beta', 1)) / (10 / 65535));

/** 16-bit codes by tables of 513 samples. Source: TFLite reference_ops SoftmaxInt16. */
export function softmaxInt16(node: NodeView, input: Tensor): Tensor {
  const result = zeros(node.outputType());
  const scale = scalerOf(node.rounding, int16Difference(node));
  const clamp = (x: number): number => Math.min(32767, Math.max(-32768, x));
  forEachRow(node, (at, depth) => {
    let largest = -Infinity;
    for (let i = 0; i < depth; i++) largest = Math.max(largest, input.data[at(i)]);
    const exponentials = Array.from({ length: depth }, (_, i) => interpolatedInt16(expTable, clamp(scale(input.data[at(i)] - largest) + 32767)));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    const headroom = Math.clz32(sum);
    const scaled = Math.floor((sum * 2 ** (headroom - 1) + 2 ** 13) / 2 ** 14);
    const share = interpolatedInt16(reciprocalTable, clamp(scaled - (2 ** 15 + 2 ** 16)));
    const shift = 31 - headroom;
    exponentials.forEach((exponential, i) => {
      const code = Math.floor((exponential * share + 2 ** (shift - 1)) / 2 ** shift);
      result.data[at(i)] = Math.min(32767, Math.max(0, code));
    });
  });
  return result;
}
