import type { Tensor } from '../ir/tensor';

/** A tensor's codes with their zero points taken off, as doubles: what products are made of. Floats as they are. */
export function offsetsOf(tensor: Tensor): Float64Array {
  const result = Float64Array.from(tensor.data);
  const { quantization, shape } = tensor.type;
  if (!quantization || quantization.zeroPoint.every((z) => z === 0)) return result;
  const { zeroPoint, axis } = quantization;
  if (axis === undefined) {
    for (let i = 0; i < result.length; i++) result[i] -= zeroPoint[0];
    return result;
  }
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let i = 0; i < result.length; i++) result[i] -= zeroPoint[Math.floor(i / inner) % zeroPoint.length];
  return result;
}
