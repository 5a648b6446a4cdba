import { isCodes } from '../codegen/element-types';
import type { Kernel } from '../codegen/kernel';
import { codeRange } from '../ir/dtype';
import { clampedRange, quantizeMultiplier } from '../quant/rounding';
import { fusedClamp } from './clamp-range';
import { roundingsOf } from './fixed-weights';
import type { NodeView } from './op';
import { codePairsHeader, pairKernel } from './pairs';
import { isFixedPoint } from './real-result';

const codeTypes = new Set(['int8', 'uint8', 'int16']);

const areCodes = (node: NodeView): boolean => [node.type(0), node.type(1), node.outputType()].every((type) => isCodes(type) && codeTypes.has(type.dtype));

/** Kernel of a function of two codes in TFLite's fixed point; `members` gives its multipliers. */
export const fixedPairs = (name: string, members: (node: NodeView) => Record<string, number>, clamps = true): Kernel =>
  pairKernel(codePairsHeader, (node) => {
    if (!areCodes(node) || !isFixedPoint(node.rounding)) return undefined;
    const { min, max } = clamps ? fusedClamp(node) : { min: undefined, max: undefined };
    const [low, high] = clampedRange(node.outputType(), min, max);
    return { name, header: codePairsHeader, params: 'tml_code_pairs_params', members: { ...zeroPoints(node), low, high, roundings: roundingsOf(node), ...members(node) } };
  });

/** Kernel of a function of two codes by way of the real numbers that they stand for. */
export const realPairsKernel = (name: string): Kernel =>
  pairKernel(codePairsHeader, (node) => {
    if (!areCodes(node) || isFixedPoint(node.rounding)) return undefined;
    const { min, max } = fusedClamp(node);
    const output = node.outputType();
    const [low, high] = codeRange(output.dtype);
    const scale = (i: number): number => Math.fround(node.staticType(i).quantization!.scale[0]);
    return {
      name,
      header: codePairsHeader,
      params: 'tml_code_pairs_params',
      members: {
        ...zeroPoints(node), low, high, a_scale: scale(0), b_scale: scale(1), out_scale: Math.fround(output.quantization!.scale[0]), real_low: min ?? -Infinity, real_high: max ?? Infinity,
      },
    };
  });

export const zeroPoints = (node: NodeView): Record<string, number> => {
  const zero = (type: { quantization?: { zeroPoint: readonly number[] } }): number => type.quantization!.zeroPoint[0];
  return { a_zero_point: zero(node.type(0)), b_zero_point: zero(node.type(1)), out_zero_point: zero(node.outputType()) };
};

/** Multiplier of products on the output's scale. */
export function productMultiplier(node: NodeView): Record<string, number> {
  const [a, b, out] = [node.staticType(0), node.staticType(1), node.outputType()].map((type) => type.quantization!.scale[0]);
  const { mantissa, shift } = quantizeMultiplier((a * b) / out);
  return { mantissa, shift };
}
