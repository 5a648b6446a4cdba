import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { codeRange, dtypes, elementCount } from '../../ir/dtype';
import { quantizeMultiplier } from '../../quant/rounding';
import { roundingsOf } from '../fixed-weights';
import { isFixedPoint } from '../real-result';
import text from './tml_requantize_layer.h';

const suffix: Readonly<Record<string, string>> = { int8: 's8', uint8: 'u8', int16: 's16', int32: 's32' };
const pairs = new Set(['s8_s8', 's8_u8', 'u8_s8', 'u8_u8', 's8_s16', 's16_s8', 's16_s16', 's16_s32']);

/** Codes to codes; 8-bit ones have a table instead where flash matters less than time, which nobody asked for yet. */
export const requantizeKernel: Kernel = {
  header: { file: 'tml_requantize_layer.h', text, needs: [requantizeHeader] },
  supports(node) {
    const [from, to] = [node.type(0), node.outputType()];
    return isFixedPoint(node.rounding) && from.quantization !== undefined && from.quantization.axis === undefined && to.quantization!.axis === undefined && pairs.has(`${suffix[from.dtype]}_${suffix[to.dtype]}`);
  },
  plan(node) {
    const [from, to] = [node.staticType(0), node.outputType()];
    const { mantissa, shift } = quantizeMultiplier(from.quantization!.scale[0] / to.quantization!.scale[0]);
    const [low, high] = codeRange(to.dtype);
    return {
      function: `tml_requantize_${suffix[from.dtype]}_${suffix[to.dtype]}`,
      params: {
        type: 'tml_requantize_layer_params',
        members: {
          elements: elementCount(to.shape), in_zero_point: from.quantization!.zeroPoint[0], mantissa, shift, out_zero_point: to.quantization!.zeroPoint[0], low, high,
          roundings: roundingsOf(node),
        },
      },
      inputs: [0],
      constants: [],
      overlaps: dtypes[from.dtype].bits === dtypes[to.dtype].bits ? [{ input: 0, same: true, before: 0 }] : [],
      inputTypes: [dtypes[from.dtype].c!],
      outputType: dtypes[to.dtype].c!,
      codeBytes: 80,
    };
  },
};
