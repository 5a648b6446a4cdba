import { codeRange } from '../ir/dtype';
import type { TensorType } from '../ir/types';
import { clampedRange } from '../quant/rounding';
import type { NodeView } from './op';

/** Bounds in real numbers that a fused activation puts on an op's output; `undefined` where there is none. */
export function fusedClamp(node: NodeView): { readonly min: number | undefined; readonly max: number | undefined } {
  const bound = (name: string): number | undefined => node.attributes[name] as number | undefined;
  return { min: bound('clampMin'), max: bound('clampMax') };
}

export function clampReal(value: number, clamp: { readonly min: number | undefined; readonly max: number | undefined }): number {
  // The upper bound comes last: it wins where it lies below the lower one, as in ONNX and TFLite.
  const raised = clamp.min !== undefined && value < clamp.min ? clamp.min : value;
  return clamp.max !== undefined && raised > clamp.max ? clamp.max : raised;
}

/** True where codes of this type cannot leave the bounds: the clamp then says nothing that the type does not. */
export function impliesClamp(type: TensorType, clamp: { readonly min: number | undefined; readonly max: number | undefined }): boolean {
  if (!type.quantization || type.quantization.axis !== undefined) return false;
  const [low, high] = codeRange(type.dtype);
  const [from, to] = clampedRange({ ...type, shape: [] }, clamp.min, clamp.max);
  return from <= low && to >= high;
}
