import type { NodeView } from '../op';

/** Zero points of both operands and their scales relative to the output's, in float32. */
export function addScales(node: NodeView): { zeroA: number; zeroB: number; scaleA: number; scaleB: number } {
  const output = Math.fround(node.outputType().quantization!.scale[0]);
  const [a, b] = [node.staticType(0).quantization!, node.staticType(1).quantization!];
  return { zeroA: a.zeroPoint[0], zeroB: b.zeroPoint[0], scaleA: Math.fround(Math.fround(a.scale[0]) / output), scaleB: Math.fround(Math.fround(b.scale[0]) / output) };
}
