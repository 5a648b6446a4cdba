import { elementCount } from '../ir/dtype';
import type { TensorType } from '../ir/types';
import { normalAxis, ShapeError, type NodeView } from './op';

/** Rows along an axis: `outer` blocks of `depth` values that lie `inner` apart. */
export interface Rows {
  readonly outer: number;
  readonly depth: number;
  readonly inner: number;
}

export function rowsAlong(shape: readonly number[], axis: number): Rows {
  if (!shape.length) throw new ShapeError('a scalar has no axis');
  const at = normalAxis(axis, shape.length);
  return { outer: elementCount(shape.slice(0, at)), depth: shape[at], inner: elementCount(shape.slice(at + 1)) };
}

/** Calls `visit` with the first element of each row and its number; element i lies at `start + i * inner`. */
export function forEachRow({ outer, depth, inner }: Rows, visit: (start: number, row: number) => void): void {
  for (let o = 0, row = 0; o < outer; o++) for (let j = 0; j < inner; j++, row++) visit(o * depth * inner + j, row);
}

/** Type of an op that works on rows along an axis and keeps dtype and shape. */
export function rowwiseInfer(node: NodeView, axis: number): readonly TensorType[] {
  const { dtype, shape } = node.type(0);
  if (shape) normalAxis(axis, shape.length);
  return [{ dtype, shape }];
}
