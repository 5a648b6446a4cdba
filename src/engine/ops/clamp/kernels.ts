import { isCodes } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import { codeMap } from '../map';
import float from './tml_clamp_f32.h';
import int8 from './tml_clamp_s8.h';

const clampS8: Kernel = {
  header: { file: 'tml_clamp_s8.h', text: int8, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'int8' && node.type(0).quantization !== undefined,
  plan(node) {
    const { min, max } = fusedClamp(node);
    const [low, high] = clampedRange(node.outputType(), min, max);
    return {
      function: 'tml_clamp_s8',
      params: { type: 'tml_clamp_s8_params', members: { elements: elementCount(node.outputType().shape), low, high } },
      inputs: [0],
      constants: [],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 40,
    };
  },
};

const clampF32: Kernel = {
  header: { file: 'tml_clamp_layer_f32.h', text: float, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32',
  plan(node) {
    const { min, max } = fusedClamp(node);
    return {
      function: 'tml_clamp_layer_f32',
      params: { type: 'tml_clamp_layer_f32_params', members: { elements: elementCount(node.outputType().shape), low: min ?? -Infinity, high: max ?? Infinity } },
      inputs: [0],
      constants: [],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 50,
    };
  },
};

const clampCodes = codeMap((node) => {
  const { min, max } = fusedClamp(node);
  if (!isCodes(node.outputType())) return undefined;
  const [low, high] = clampedRange(node.outputType(), min, max);
  return { name: 'TML_CLAMP_CODE', members: { low, high } };
});

export const clampKernels: readonly Kernel[] = [clampS8, clampF32, clampCodes];
