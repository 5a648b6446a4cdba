import { cTypeOf, suffixOf } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { codeRange } from '../../ir/dtype';
import { softmaxCmsis } from './cmsis-nn';
import { exponentials } from './exponentials';
import { softmaxRows } from './rows';
import { softmaxQ31 } from './softmax-q31';
import { softmaxS16 } from './softmax-s16';
import float from './tml_softmax_f32.h';
import int8 from './tml_softmax_s8.h';

const softmaxS8: Kernel = {
  header: { file: 'tml_softmax_s8.h', text: int8, needs: [baseHeader] },
  supports: (node) => node.rounding === 'onnx-float-half-even' && ['int8', 'uint8'].includes(node.type(0).dtype) && node.type(0).quantization !== undefined && node.outputType().dtype === node.type(0).dtype,
  plan(node) {
    const output = node.outputType();
    const [low, high] = codeRange(output.dtype);
    const rows = softmaxRows(node);
    return {
      function: `tml_softmax_${suffixOf(output)}`,
      params: {
        type: 'tml_softmax_s8_params',
        members: { ...rows, inverse_scale: Math.fround(1 / Math.fround(output.quantization!.scale[0])), out_zero_point: output.quantization!.zeroPoint[0], low, high },
      },
      inputs: [0],
      constants: [{ role: 'exponentials', dtype: 'int32', elements: 256, make: () => exponentials(node.staticType(0).quantization!.scale[0], rows.depth) }],
      inputTypes: [cTypeOf(output)],
      outputType: cTypeOf(output),
      codeBytes: 240,
    };
  },
};

const softmaxF32: Kernel = {
  header: { file: 'tml_softmax_f32.h', text: float, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32' && node.int('beta', 1) === 1,
  plan: (node) => ({
    function: 'tml_softmax_f32',
    params: { type: 'tml_softmax_f32_params', members: softmaxRows(node) },
    inputs: [0],
    constants: [],
    inputTypes: ['float'],
    outputType: 'float',
    codeBytes: 110,
  }),
};

export const softmaxKernels: readonly Kernel[] = [softmaxQ31, softmaxS16, softmaxS8, softmaxF32, ...softmaxCmsis];
