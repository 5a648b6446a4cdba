import { isCodes } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import { codeMap } from '../map';
import text from './tml_dequantize_s8_f32.h';

const dequantizeS8F32: Kernel = {
  header: { file: 'tml_dequantize_s8_f32.h', text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'int8' && node.type(0).quantization?.axis === undefined && node.outputType().dtype === 'float32',
  plan(node) {
    const { quantization, shape } = node.staticType(0);
    return {
      function: 'tml_dequantize_s8_f32',
      params: { type: 'tml_dequantize_s8_f32_params', members: { elements: elementCount(shape), scale: Math.fround(quantization!.scale[0]), zero_point: quantization!.zeroPoint[0] } },
      inputs: [0],
      constants: [],
      inputTypes: ['int8_t'],
      outputType: 'float',
      codeBytes: 60,
    };
  },
};

/** Codes of other types. */
const dequantizeCodes = codeMap((node) =>
  isCodes(node.type(0)) && node.outputType().dtype === 'float32' ? { name: 'TML_REAL_OF', members: { scale: Math.fround(node.staticType(0).quantization!.scale[0]) } } : undefined,
);

export const dequantizeKernels: readonly Kernel[] = [dequantizeS8F32, dequantizeCodes];
