import { elementCount } from '../../ir/dtype';
import type { NodeView } from '../op';

export function denseMembers(node: NodeView): { rows: number; depth: number; outputs: number } {
  const [outputs, depth] = node.staticType(1).shape;
  return { rows: elementCount(node.staticType(0).shape) / depth, depth, outputs };
}
