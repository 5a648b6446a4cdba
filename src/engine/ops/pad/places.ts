import { elementCount } from '../../ir/dtype';
import type { NodeView } from '../op';

/** For each axis of the result the elements of the input to go to; negative in a border that holds nothing of it. */
export function paddedPlaces(node: NodeView): number[][] {
  const from = node.staticType(0).shape;
  const begins = node.ints('begins');
  const mode = node.text('mode', 'constant');
  return node.outputType().shape.map((extent, axis) => {
    const stride = elementCount(from.slice(axis + 1));
    return Array.from({ length: extent }, (_, i) => {
      const at = sourceOf(mode, i - begins[axis], from[axis]);
      return at < 0 ? -1 : at * stride;
    });
  });
}

function sourceOf(mode: string, at: number, extent: number): number {
  if (at >= 0 && at < extent) return at;
  if (mode === 'edge') return at < 0 ? 0 : extent - 1;
  if (mode === 'wrap') return ((at % extent) + extent) % extent;
  if (mode === 'reflect') return at < 0 ? -at : 2 * (extent - 1) - at;
  if (mode === 'symmetric') return at < 0 ? -at - 1 : 2 * extent - 1 - at;
  return -1;
}
