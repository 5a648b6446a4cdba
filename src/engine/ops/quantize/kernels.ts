import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import { requantizeKernel } from './requantize-kernel';
import text from './tml_quantize_f32_s8.h';

const quantizeF32S8: Kernel = {
  header: { file: 'tml_quantize_f32_s8.h', text, needs: [baseHeader] },
  supports: (node) =>
    node.rounding === 'onnx-float-half-even' && node.type(0).dtype === 'float32' && node.outputType().dtype === 'int8' && node.outputType().quantization!.axis === undefined,
  plan(node) {
    const { quantization, shape } = node.outputType();
    return {
      function: 'tml_quantize_f32_s8',
      params: { type: 'tml_quantize_f32_s8_params', members: { elements: elementCount(shape), scale: Math.fround(quantization!.scale[0]), zero_point: quantization!.zeroPoint[0] } },
      inputs: [0],
      constants: [],
      inputTypes: ['float'],
      outputType: 'int8_t',
      codeBytes: 90,
    };
  },
};

export const quantizeKernels: readonly Kernel[] = [quantizeF32S8, requantizeKernel];
