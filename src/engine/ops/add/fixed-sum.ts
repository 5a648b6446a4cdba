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
  const bits = 2 ** (type.dtype === 'int16' ? 15 : 20);
  const [qa, qb, q] = [a.type.quantization!, b.type.quantization!, type.quantization!];
  const coarse = 2 * Math.max(qa.scale[0], qb.scale[0]);
  const scaler = (real: number): ((x: number) => number) => scalerOf(node.rounding, quantizeMultiplier(real));
  const [scaleA, scaleB, scaleSum] = [scaler(qa.scale[0] / coarse), scaler(qb.scale[0] / coarse), scaler(coarse / (bits * q.scale[0]))];
  const { min, max } = fusedClamp(node);
  const [low, high] = clampedRange(type, min, max);
  const [zeroA, zeroB, zero] = [qa.zeroPoint[0], qb.zeroPoint[0], q.zeroPoint[0]];
  return broadcastPairs(type, a, b, (x, y) => {
    const sum = scaleA((x - zeroA) * bits) + sign * scaleB((y - zeroB) * bits);
    return Math.min(high, Math.max(low, scaleSum(sum) + zero));
  });
}
