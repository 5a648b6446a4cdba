import type { PackedConstant } from '../codegen/kernel';
import { multipliersOf, type Multipliers } from '../quant/multipliers';
import type { NodeView } from './op';
import { isFixedPoint } from './real-result';

/** What kernels of layers with int8 weights share where the model scales in TFLite's fixed point. */

const isInt8 = (type: { dtype: string; quantization?: unknown }): boolean => type.dtype === 'int8' && type.quantization !== undefined;

/** How often a scaled number is rounded: what the C kernels call `roundings`. */
export const roundingsOf = (node: NodeView): number => (node.rounding === 'tflite-double-round' ? 2 : 1);

/** True where input, symmetric weights and output are int8 and the model scales in fixed point. */
export function isFixedInt8(node: NodeView): boolean {
  return isFixedPoint(node.rounding) && isInt8(node.type(0)) && isInt8(node.type(1)) && isInt8(node.outputType()) && node.staticType(1).quantization!.zeroPoint.every((z) => z === 0);
}

/** Multipliers of a layer with weights: one, or one for each output channel. */
export const layerMultipliers = (node: NodeView, singlePrecisionProduct = false): Multipliers =>
  multipliersOf(node.staticType(0).quantization!, node.staticType(1).quantization!, node.outputType().quantization!, singlePrecisionProduct);

/** The multipliers as the portable kernels read them. */
export function multiplierConstants(node: NodeView, singlePrecisionProduct = false): readonly PackedConstant[] {
  const elements = node.staticType(1).quantization!.scale.length;
  return [
    { role: 'mantissa', dtype: 'int32', elements, make: () => layerMultipliers(node, singlePrecisionProduct).mantissas },
    { role: 'shift', dtype: 'int8', elements, make: () => layerMultipliers(node, singlePrecisionProduct).shifts },
  ];
}

/** Members of a parameter struct that say how sums become codes. */
export const fixedMembers = (node: NodeView): Record<string, number> => ({ per_channel: node.staticType(1).quantization!.scale.length > 1 ? 1 : 0, roundings: roundingsOf(node) });
