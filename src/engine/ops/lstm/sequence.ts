import type { NodeView } from '../op';

/** How many sequences, and how long they are. */
export function sequenceOf(node: NodeView): { batch: number; time: number } {
  const [first, second] = node.staticType(0).shape;
  return node.flag('timeMajor') ? { batch: second, time: first } : { batch: first, time: second };
}
