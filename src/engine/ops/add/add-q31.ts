import { dspHeader } from '../../codegen/dsp/headers';
import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { elementCount } from '../../ir/dtype';
import { scalerOf } from '../../quant/fixed-point';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { roundingsOf } from '../fixed-weights';
import { fixedSumScales } from './fixed-sum';
import dsp from './tml_add_dsp.h';
import portable from './tml_add_q31_s8.h';

/** Both operands vary, are int8 and have the result's shape. */
const isElementwise = (node: NodeView): boolean =>
  [0, 1].every((i) => node.type(i).dtype === 'int8' && node.type(i).quantization !== undefined && !node.isConstant(i) && node.type(i).shape?.join() === node.outputType().shape.join());

const isFixed = (node: NodeView): boolean => isFixedPoint(node.rounding) && node.outputType().dtype === 'int8' && isElementwise(node);

function rangeOf(node: NodeView): readonly [number, number] {
  const clamp = fusedClamp(node);
  return clampedRange(node.outputType(), clamp.min, clamp.max);
}

/** The output may lie where either input does: elements are read before they are written. */
const overlaps = [{ input: 0, same: true, before: 0 }, { input: 1, same: true, before: 0 }];

/** `sign`: 1 for sums, -1 for differences. */
export const sumQ31S8 = (sign: 1 | -1): Kernel => ({
  header: { file: 'tml_add_q31_s8.h', text: portable, needs: [requantizeHeader] },
  supports: isFixed,
  plan(node) {
    const { a, b, sum } = fixedSumScales(node);
    const zero = (i: number): number => node.staticType(i).quantization!.zeroPoint[0];
    const [low, high] = rangeOf(node);
    return {
      function: 'tml_add_q31_s8',
      params: {
        type: 'tml_add_q31_s8_params',
        members: {
          elements: elementCount(node.outputType().shape), a_zero_point: zero(0), a_mantissa: a.mantissa, a_shift: a.shift, b_zero_point: zero(1), b_mantissa: b.mantissa,
          b_shift: b.shift, b_sign: sign, out_zero_point: node.outputType().quantization!.zeroPoint[0], mantissa: sum.mantissa, shift: sum.shift, low, high, roundings: roundingsOf(node),
        },
      },
      inputs: [0, 1],
      constants: [],
      overlaps,
      inputTypes: ['int8_t', 'int8_t'],
      outputType: 'int8_t',
      codeBytes: 180,
    };
  },
});

/** Index of the operand whose multiplier is exactly one half; the other's terms come from a table. */
const halfOperand = (node: NodeView): number | undefined => {
  const { a, b } = fixedSumScales(node);
  return [b, a].findIndex(({ mantissa, shift }) => mantissa === 2 ** 30 && shift === 0) === 0 ? 1 : a.mantissa === 2 ** 30 && a.shift === 0 ? 0 : undefined;
};

export const addDsp: Kernel = {
  header: { file: 'tml_add_dsp.h', text: dsp, needs: [dspHeader], codeBytes: 222 },
  isas: ['dsp'],
  supports(node) {
    if (!isFixed(node) || node.rounding !== 'tflite-double-round' || halfOperand(node) === undefined) return false;
    const [low, high] = rangeOf(node);
    const { sum } = fixedSumScales(node);
    return low === -128 && high === 127 && sum.shift <= -1 && sum.shift >= -22;
  },
  plan(node) {
    const half = halfOperand(node)!;
    const looked = 1 - half;
    const { a, b, sum } = fixedSumScales(node);
    const zero = (i: number): number => node.staticType(i).quantization!.zeroPoint[0];
    const zeroPoint = node.outputType().quantization!.zeroPoint[0];
    const scale = scalerOf(node.rounding, looked === 0 ? a : b);
    // Codes as bytes: 0 to 127, then -128 to -1.
    const table = (): Int32Array => Int32Array.from({ length: 256 }, (_, byte) => 2 * (scale(((byte << 24 >> 24) - zero(looked)) * 2 ** 20) - zero(half) * 2 ** 19));
    return {
      function: zeroPoint === -128 ? 'tml_add_saturating_dsp' : 'tml_add_signed_dsp',
      params: {
        type: 'tml_add_dsp_params',
        members: { elements: elementCount(node.outputType().shape), mantissa: sum.mantissa, constant: 2 ** (-sum.shift - 1) + zeroPoint * 2 ** -sum.shift, shift: -sum.shift },
      },
      inputs: [looked, half],
      constants: [{ role: 'terms', dtype: 'int32', elements: 256, make: table }],
      overlaps,
      inputTypes: ['int8_t', 'int8_t'],
      outputType: 'int8_t',
      codeBytes: 44,
    };
  },
};
