import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import type { NodeView } from '../op';
import { isPlainMean, poolMembers } from '../pool';
import { averagePoolDsp, averagePoolQ31S8 } from './average-pool-q31';
import { averagePoolCmsis } from '../pool-cmsis-nn';
import { averagePoolAny } from '../pool-kernel';
import float from './tml_average_pool_f32.h';
import int8 from './tml_average_pool_s8.h';

const members = (node: NodeView): Record<string, number> => ({ ...poolMembers(node), count_padding: node.flag('countPadding') ? 1 : 0 });

const averagePoolS8: Kernel = {
  header: { file: 'tml_average_pool_s8.h', text: int8, needs: [baseHeader] },
  supports: (node) => node.rounding === 'onnx-float-half-even' && node.type(0).dtype === 'int8' && node.outputType().dtype === 'int8' && node.outputType().quantization !== undefined && isPlainMean(node),
  plan(node) {
    const input = node.staticType(0).quantization!;
    const output = node.outputType();
    const clamp = fusedClamp(node);
    const [low, high] = clampedRange(output, clamp.min, clamp.max);
    return {
      function: 'tml_average_pool_s8',
      params: {
        type: 'tml_average_pool_s8_params',
        members: {
          ...members(node), in_zero_point: input.zeroPoint[0], out_zero_point: output.quantization!.zeroPoint[0],
          in_scale: Math.fround(input.scale[0]), out_scale: Math.fround(output.quantization!.scale[0]), low, high,
        },
      },
      inputs: [0],
      constants: [],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 260,
    };
  },
};

const averagePoolF32: Kernel = {
  header: { file: 'tml_average_pool_f32.h', text: float, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32' && isPlainMean(node),
  plan(node) {
    const clamp = fusedClamp(node);
    return {
      function: 'tml_average_pool_f32',
      params: { type: 'tml_average_pool_f32_params', members: { ...members(node), low: clamp.min ?? -Infinity, high: clamp.max ?? Infinity } },
      inputs: [0],
      constants: [],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 220,
    };
  },
};

export const averagePoolKernels: readonly Kernel[] = [averagePoolDsp, averagePoolQ31S8, averagePoolS8, averagePoolF32, averagePoolAny, ...averagePoolCmsis];
