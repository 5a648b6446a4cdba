import { codeRange } from '../../ir/dtype';
import { quantizeReal } from '../../quant/rounding';
import type { NodeView } from '../op';

/** The padding's code, or number for floats. */
export function paddingCode(node: NodeView): number {
  const { quantization, dtype } = node.staticType(0);
  const value = (node.attributes.value as number | undefined) ?? 0;
  return quantization ? quantizeReal(node.rounding, value, quantization.scale[0], quantization.zeroPoint[0], codeRange(dtype)) : value;
}
