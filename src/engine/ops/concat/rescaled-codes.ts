import { codeRange } from '../../ir/dtype';
import { realValues, zeros, type Tensor, type TensorData } from '../../ir/tensor';
import type { StaticType } from '../../ir/types';
import { quantizeReal } from '../../quant/rounding';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';

/** The input's codes under the output's scale. TFLite copies int8 and int16 codes as they are and rescales uint8 in float32. */
export function rescaledCodes(node: NodeView, type: StaticType, input: Tensor): TensorData {
  const from = input.type.quantization;
  const to = type.quantization;
  if (!from || !to || (from.scale[0] === to.scale[0] && from.zeroPoint[0] === to.zeroPoint[0])) return input.data;
  const range = codeRange(type.dtype);
  const codes = zeros(input.type).data;
  if (!isFixedPoint(node.rounding)) {
    realValues(input).forEach((real, i) => (codes[i] = quantizeReal(node.rounding, real, to.scale[0], to.zeroPoint[0], range)));
    return codes;
  }
  if (type.dtype !== 'uint8') return input.data;
  const scale = Math.fround(Math.fround(from.scale[0]) * Math.fround(1 / Math.fround(to.scale[0])));
  const bias = Math.fround(-from.zeroPoint[0] * scale);
  input.data.forEach((code, i) => {
    const value = Math.fround(Math.fround(code * scale) + bias);
    codes[i] = Math.min(range[1], Math.max(range[0], (value < 0 ? -Math.floor(-value + 0.5) : Math.floor(value + 0.5)) + to.zeroPoint[0]));
  });
  return codes;
}
