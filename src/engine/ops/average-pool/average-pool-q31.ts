import { dspHeader } from '../../codegen/dsp/headers';
import type { Kernel, KernelHeader, KernelPlan } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import type { NodeView } from '../op';
import { isPlainMean, poolMembers } from '../pool';
import { isFixedPoint } from '../real-result';
import dsp from './tml_average_pool_dsp.h';
import portable from './tml_average_pool_q31_s8.h';

const portableHeader: KernelHeader = { file: 'tml_average_pool_q31_s8.h', text: portable, needs: [baseHeader] };

const supports = (node: NodeView): boolean => isFixedPoint(node.rounding) && node.type(0).dtype === 'int8' && node.outputType().dtype === 'int8' && isPlainMean(node);

function plan(node: NodeView): KernelPlan {
  const output = node.outputType();
  const clamp = fusedClamp(node);
  const [low, high] = clampedRange(output, clamp.min, clamp.max);
  const members = { ...poolMembers(node), count_padding: node.flag('countPadding') ? 1 : 0, zero_point: node.staticType(0).quantization!.zeroPoint[0], low, high };
  return {
    function: 'tml_average_pool_q31_s8',
    params: { type: 'tml_average_pool_q31_s8_params', members },
    inputs: [0],
    constants: [],
    inputTypes: ['int8_t'],
    outputType: 'int8_t',
    codeBytes: 260,
  };
}

export const averagePoolQ31S8: Kernel = { header: portableHeader, supports, plan };

export const averagePoolDsp: Kernel = {
  header: { file: 'tml_average_pool_dsp.h', text: dsp, needs: [portableHeader, dspHeader], codeBytes: 462 },
  isas: ['dsp'],
  supports(node) {
    if (!supports(node)) return false;
    const m = poolMembers(node);
    return m.batch === 1 && m.channels % 4 === 0 && m.kernel_h * m.kernel_w <= 256;
  },
  plan: (node) => ({ ...plan(node), function: 'tml_average_pool_dsp', codeBytes: 40 }),
};
