import { elementCount } from '../../ir/dtype';
import { normalAxis, ShapeError, type NodeView } from '../op';

/** Rows along the axis: `outer` blocks of `depth` values that lie `inner` apart. */
export function softmaxRows(node: NodeView): { outer: number; depth: number; inner: number } {
  const { shape } = node.staticType(0);
  if (!shape.length) throw new ShapeError('a scalar has no axis');
  const axis = normalAxis(node.int('axis', -1), shape.length);
  return { outer: elementCount(shape.slice(0, axis)), depth: shape[axis], inner: elementCount(shape.slice(axis + 1)) };
}

/** Calls `visit` for each row with the places of its values. */
export function forEachRow(node: NodeView, visit: (at: (i: number) => number, depth: number) => void): void {
  const { outer, depth, inner } = softmaxRows(node);
  for (let o = 0; o < outer; o++) for (let j = 0; j < inner; j++) visit((i) => (o * depth + i) * inner + j, depth);
}
