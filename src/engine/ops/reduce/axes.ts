import { normalAxis, type NodeView } from '../op';

/** All axes where none are named. */
export function reducedAxes(node: NodeView, rank: number): ReadonlySet<number> {
  const axes = node.attributes.axes as readonly number[] | undefined;
  return new Set(axes ? axes.map((axis) => normalAxis(axis, rank)) : Array.from({ length: rank }, (_, i) => i));
}
