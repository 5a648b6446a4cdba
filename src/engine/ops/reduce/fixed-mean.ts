import { codeRange } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { scalerOf } from '../../quant/fixed-point';
import { quantizeMultiplier } from '../../quant/rounding';
import type { NodeView } from '../op';
import { realResult } from '../real-result';
import { reducedAxes } from './axes';

/**
 * Codes' sums to codes of their mean or sum; for the mean the count is worked into the multiplier. Source: TFLite
 * reference_ops QuantizedMeanOrSum.
 */
export function fixedMeanOrSum(node: NodeView, input: Tensor, sums: Float64Array): Tensor {
  const type = node.outputType();
  const [from, to] = [input.type.quantization!, type.quantization!];
  const { mantissa, shift, count } = sumMultiplier(node);
  const scale = scalerOf(node.rounding, { mantissa, shift });
  const [low, high] = codeRange(type.dtype);
  const result = zeros(type);
  for (let i = 0; i < sums.length; i++) {
    const code = scale((sums[i] - from.zeroPoint[0] * count) | 0) + to.zeroPoint[0];
    result.data[i] = Math.min(high, Math.max(low, code));
  }
  return result;
}

/** Sums of codes, zero points taken off, as codes of their mean or sum by way of float32 numbers, each step rounded. */
export function realMeanOrSum(node: NodeView, input: Tensor, sums: Float64Array): Tensor {
  const { fround } = Math;
  const [from, { count }] = [input.type.quantization!, sumMultiplier(node)];
  const total = sums.map((sum) => fround(fround(sum) * fround(from.scale[0])));
  return realResult(node.rounding, node.outputType(), node.text('mode') === 'mean' ? total.map((x) => fround(x / count)) : total);
}

/** What a sum of codes is multiplied with; for a mean the count of summands is worked in. */
export function sumMultiplier(node: NodeView): { readonly mantissa: number; readonly shift: number; readonly count: number } {
  const [from, to] = [node.staticType(0).quantization!, node.outputType().quantization!];
  const { shape } = node.staticType(0);
  const count = [...reducedAxes(node, shape.length)].reduce((product, axis) => product * shape[axis], 1);
  let { mantissa, shift } = quantizeMultiplier(from.scale[0] / to.scale[0]);
  if (node.text('mode') === 'mean' && count > 0) {
    const bits = Math.min(Math.floor(Math.log2(count)), 32, 31 + shift);
    mantissa = Number((BigInt(mantissa) << BigInt(bits)) / BigInt(count));
    shift -= bits;
  }
  return { mantissa, shift, count };
}
