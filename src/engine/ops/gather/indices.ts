import { ShapeError } from '../op';

/** An index into an axis; negative ones count from the end. */
export function indexInto(index: number, extent: number): number {
  const at = index < 0 ? index + extent : index;
  if (!(at >= 0 && at < extent)) throw new ShapeError(`index ${index} is outside of ${extent} elements`);
  return at;
}

/** Elements from one step along each axis to the next, row-major. */
export const rowStrides = (shape: readonly number[]): number[] => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));

/** Calls `visit` with each position of a shape, in row-major order. The array is reused. */
export function forEachPosition(shape: readonly number[], visit: (position: readonly number[], element: number) => void): void {
  const position = shape.map(() => 0);
  const total = shape.reduce((a, b) => a * b, 1);
  for (let i = 0; i < total; i++) {
    visit(position, i);
    for (let axis = shape.length - 1; axis >= 0 && ++position[axis] === shape[axis]; axis--) position[axis] = 0;
  }
}
