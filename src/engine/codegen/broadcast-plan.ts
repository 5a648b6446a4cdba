/** Loops over a result whose operands are repeated along some axes. */
export interface BroadcastPlan {
  /** Extents of the result, outermost first. */
  readonly counts: readonly number[];
  /** For each operand, elements from one step along an axis to the next; 0 where it is repeated. */
  readonly strides: readonly (readonly number[])[];
}

/**
 * The fewest axes that say how operands of these shapes broadcast to `result`, in front filled up to `axes` with extent 1;
 * undefined where more are needed.
 */
export function broadcastPlan(result: readonly number[], operands: readonly (readonly number[])[], axes: number): BroadcastPlan | undefined {
  const all = operands.map((shape) => {
    const padded = [...new Array<number>(result.length - shape.length).fill(1), ...shape];
    return padded.map((extent, axis) => (extent === 1 ? 0 : padded.slice(axis + 1).reduce((a, b) => a * b, 1)));
  });
  const joined: { count: number; strides: number[] }[] = [];
  for (let axis = result.length - 1; axis >= 0; axis--) {
    const next = { count: result[axis], strides: all.map((strides) => strides[axis]) };
    const [inner] = joined;
    if (next.count === 1) continue;
    if (inner && next.strides.every((stride, i) => stride === inner.strides[i] * inner.count)) inner.count *= next.count;
    else joined.unshift(next);
  }
  if (joined.length > axes) return undefined;
  while (joined.length < axes) joined.unshift({ count: 1, strides: operands.map(() => 0) });
  return { counts: joined.map((axis) => axis.count), strides: operands.map((_, i) => joined.map((axis) => axis.strides[i])) };
}

/** Members of a C struct: `count_0`, ..., and for each operand `<name>_0`, .... */
export const broadcastMembers = ({ counts, strides }: BroadcastPlan, names: readonly string[]): Record<string, number> =>
  Object.fromEntries([['count', counts] as const, ...names.map((name, i) => [name, strides[i]] as const)].flatMap(([name, list]) => list.map((value, axis) => [`${name}_${axis}`, value])));
