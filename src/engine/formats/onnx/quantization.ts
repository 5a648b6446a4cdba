import type { DType, Quantization } from '../../ir/types';
import type { OnnxNode } from './mapping';
import { dtypeOfOnnx } from './tensor-proto';

/**
 * Scale and zero point of a (De)QuantizeLinear node: inputs 1 and 2. Both must be known, as they are in every exported
 * model.
 */
export function readQuantization(node: OnnxNode, rank: number | undefined, scaleInput = 1, zeroPointInput = 2): Quantization {
  const scale = node.constant(scaleInput) ?? node.refuse('a scale that varies');
  const zeroPoint = node.inputs[zeroPointInput] === undefined ? undefined : (node.constant(zeroPointInput) ?? node.refuse('a zero point that varies'));
  const scales = Array.from(scale.data);
  const zeroPoints = zeroPoint ? Array.from(zeroPoint.data) : scales.map(() => 0);
  if (zeroPoints.length !== scales.length) node.refuse(`${scales.length} scales and ${zeroPoints.length} zero points`);
  if (scales.some((s) => !(s > 0) || !Number.isFinite(s))) node.refuse('a scale that is not positive');
  if (scale.type.shape.length === 0 || scales.length === 1) return { scale: scales.slice(0, 1), zeroPoint: zeroPoints.slice(0, 1) };
  const axis = node.int('axis', 1);
  const normal = axis < 0 && rank !== undefined ? axis + rank : axis;
  return { scale: scales, zeroPoint: zeroPoints, axis: normal };
}

/** Codes without a zero point input have the type of `output_dtype`, else uint8. Source: onnx Operators.md, QuantizeLinear-21. */
export function codesType(node: OnnxNode, zeroPointInput = 2): DType {
  const stated = node.int('output_dtype', 0);
  if (node.inputs[zeroPointInput] !== undefined) return node.type(zeroPointInput).dtype;
  return stated ? (dtypeOfOnnx(stated) ?? node.refuse('a type without arithmetic')) : 'uint8';
}
