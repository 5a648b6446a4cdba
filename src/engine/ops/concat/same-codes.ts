import { isFixedPoint } from '../real-result';
import type { NodeView } from '../op';

/** True where an input's codes, or numbers, go into the result as they are. TFLite copies int8 and int16 codes whatever their scales. */
export function keepsCodes(node: NodeView, index: number): boolean {
  const [from, to] = [node.type(index).quantization, node.outputType().quantization];
  if (!from || !to || (from.scale[0] === to.scale[0] && from.zeroPoint[0] === to.zeroPoint[0])) return true;
  return isFixedPoint(node.rounding) && node.outputType().dtype !== 'uint8';
}
