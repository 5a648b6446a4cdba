import { zeros, type Tensor } from '../ir/tensor';
import type { StaticType, TensorType } from '../ir/types';
import { resultDtype, ShapeError, type NodeView } from './op';

/** Shape of two operands together, by NumPy's rule; -1 where it cannot be known. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === 1) return y;
    if (y === 1 || x === y) return x;
    if (x < 0 || y < 0) return Math.max(x, y);
    throw new ShapeError(`${a.join('×')} and ${b.join('×')} do not broadcast`);
  });
}

/** Element offsets of an operand for each element of the result, in order. */
export function broadcastOffsets(shape: readonly number[], result: readonly number[]): Int32Array {
  const padded = [...new Array<number>(result.length - shape.length).fill(1), ...shape];
  const strides = padded.map((extent, axis) => (extent === 1 ? 0 : padded.slice(axis + 1).reduce((a, b) => a * b, 1)));
  const total = result.reduce((a, b) => a * b, 1);
  const offsets = new Int32Array(total);
  const position = result.map(() => 0);
  for (let i = 0, at = 0; i < total; i++) {
    offsets[i] = at;
    for (let axis = result.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++position[axis] < result[axis]) break;
      at -= strides[axis] * result[axis];
      position[axis] = 0;
    }
  }
  return offsets;
}

/** Type of an element-wise op on inputs 0 and 1; the scale of the result is not theirs. */
export function broadcastInfer(node: NodeView): readonly TensorType[] {
  const [a, b] = [node.type(0), node.type(1)];
  return [{ dtype: resultDtype(node), shape: a.shape && b.shape && broadcastShape(a.shape, b.shape) }];
}

/** `combine` of each pair of elements, as a tensor of the given type. */
export function broadcastPairs(type: StaticType, a: Tensor, b: Tensor, combine: (x: number, y: number) => number): Tensor {
  const result = zeros(type);
  const same = (tensor: Tensor): boolean => tensor.data.length === result.data.length;
  const offsetsA = same(a) ? undefined : broadcastOffsets(a.type.shape, type.shape);
  const offsetsB = same(b) ? undefined : broadcastOffsets(b.type.shape, type.shape);
  for (let i = 0; i < result.data.length; i++) {
    result.data[i] = combine(a.data[offsetsA ? offsetsA[i] : i], b.data[offsetsB ? offsetsB[i] : i]);
  }
  return result;
}
