import { elementCount } from '../ir/dtype';
import { placeOn } from '../ir/tensor';
import type { Node, ScaleBlocks, StaticType } from '../ir/types';
import type { Layout } from '../ops/window';

/** How the weights of one output channel share scales. */
export interface RowBlocks {
  readonly block: ScaleBlocks;
  readonly count: number;
  /** Block of each weight, in their order. */
  readonly of: Int32Array;
}

/**
 * Blocks of about `groupSize` weights: some input channels with all that the window has of them, so that they stay together in
 * every layout. Undefined where that would be one block: the channel's own scale.
 */
export function rowBlocks(node: Node, type: StaticType, groupSize: number | undefined): RowBlocks | undefined {
  if (groupSize === undefined) return undefined;
  const { shape } = type;
  const axis = (node.attributes.layout as Layout | undefined) === 'nhwc' ? shape.length - 1 : 1;
  const depth = elementCount(shape.slice(1));
  const size = Math.max(1, Math.floor((groupSize * shape[axis]) / depth));
  const count = Math.ceil(shape[axis] / size);
  if (!(count > 1)) return undefined;
  const entry = placeOn(shape, axis);
  return { block: { axis, size }, count, of: Int32Array.from({ length: depth }, (_, i) => Math.floor(entry(i) / size)) };
}
