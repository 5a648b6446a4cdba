import type { Tensor } from '../../ir/tensor';
import { scalerOf } from '../../quant/fixed-point';
import { clampedRange, quantizeMultiplier } from '../../quant/rounding';
import { broadcastPairs } from '../broadcast';
import { fusedClamp } from '../clamp-range';
import type { NodeView } from '../op';

/**
 * Sum or difference of codes as TFLite computes it: both operands on a scale twice as coarse as the coarser of them, with
 * fraction bits to spare (20 for 8 bits, 15 for 16), then on the output's. Source: TFLM add_common.cc, sub_common.cc.
 */
export function fixedSum(node: NodeView, a: Tensor, b: Tensor, sign: 1 | -1): Tensor {
  const type = node.outputType();
  const bits = fractionFactor(node);
  const [qa, qb, q] = [a.type.quantization!, b.type.quantization!, type.quantization!];
  const scales = fixedSumScales(node);
  const [scaleA, scaleB, scaleSum] = [scales.a, scales.b, scales.sum].map((multiplier) => scalerOf(node.rounding, multiplier));
  const { min, max } = fusedClamp(node);
  const [low, high] = clampedRange(type, min, max);
  const [zeroA, zeroB, zero] = [qa.zeroPoint[0], qb.zeroPoint[0], q.zeroPoint[0]];
  return broadcastPairs(type, a, b, (x, y) => {
    const sum = scaleA((x - zeroA) * bits) + sign * scaleB((y - zeroB) * bits);
    return Math.min(high, Math.max(low, scaleSum(sum) + zero));
  });
}

const fractionFactor = (node: NodeView): number => 2 ** (node.outputType().dtype === 'int16' ? 15 : 20);

type Multiplier = ReturnType<typeof quantizeMultiplier>;

/** Multipliers of both operands and of their sum. */
export function fixedSumScales(node: NodeView): { readonly a: Multiplier; readonly b: Multiplier; readonly sum: Multiplier } {
  const [a, b, sum] = [node.staticType(0), node.staticType(1), node.outputType()].map((type) => type.quantization!.scale[0]);
  const coarse = 2 * Math.max(a, b);
  return { a: quantizeMultiplier(a / coarse), b: quantizeMultiplier(b / coarse), sum: quantizeMultiplier(coarse / (fractionFactor(node) * sum)) };
}

/** The same as the C kernel reads them. `sign`: 1 for sums, -1 for differences. */
export function fixedSumMembers(node: NodeView, sign: 1 | -1): Record<string, number> {
  const { a, b, sum } = fixedSumScales(node);
  return {
    a_mantissa: a.mantissa, a_shift: a.shift, b_mantissa: b.mantissa, b_shift: b.shift, mantissa: sum.mantissa, shift: sum.shift, unit: fractionFactor(node), b_sign: sign,
  };
}
