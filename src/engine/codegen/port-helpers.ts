import { codeRange, dtypes } from '../ir/dtype';
import type { Model, StaticType } from '../ir/types';
import { cFloat } from './c-text';

/**
 * C functions that turn real numbers into the codes of an input, and codes of an output into real numbers: rounded by the
 * model's rule and clamped, which a plain cast is not.
 */
export function quantizeHelper(model: Model, name: string, index: number, type: StaticType): string {
  if (!type.quantization) return '';
  const [low, high] = codeRange(type.dtype);
  const zeroPoint = type.quantization.zeroPoint[0];
  const round = model.rounding === 'onnx-float-half-even' ? 'tml_round_even(x)' : '(int32_t)(x < 0 ? x - 0.5f : x + 0.5f)';
  const c = dtypes[type.dtype].c!;
  return `${c} ${name}_quantize_input_${index}(float value) {
  const float x = tml_clamp_f32(value / ${cFloat(type.quantization.scale[0])}, ${cFloat(low - zeroPoint)}, ${cFloat(high - zeroPoint)});
  return (${c})(${round} + ${parenthesized(zeroPoint)});
}
`;
}

export function dequantizeHelper(name: string, index: number, type: StaticType): string {
  if (!type.quantization) return '';
  return `float ${name}_dequantize_output_${index}(${dtypes[type.dtype].c} code) {
  return (float)(code - ${parenthesized(type.quantization.zeroPoint[0])}) * ${cFloat(type.quantization.scale[0])};
}
`;
}

const parenthesized = (value: number): string => (value < 0 ? `(${value})` : String(value));
