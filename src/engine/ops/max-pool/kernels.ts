import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { isPlainPool, poolMembers } from '../pool';
import { maxPoolCmsis } from '../pool-cmsis-nn';
import { maxPoolAny } from '../pool-kernel';
import float from './tml_max_pool_f32.h';
import int8 from './tml_max_pool_s8.h';

const maxPoolKernel = (dtype: string, suffix: string, type: string, text: string): Kernel => ({
  header: { file: `tml_max_pool_${suffix}.h`, text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === dtype && isPlainPool(node),
  plan: (node) => ({
    function: `tml_max_pool_${suffix}`,
    params: { type: 'tml_max_pool_params', members: poolMembers(node) },
    inputs: [0],
    constants: [],
    inputTypes: [type],
    outputType: type,
    codeBytes: node.ints('kernel').length === 1 ? 90 : 115,
  }),
});

export const maxPoolKernels: readonly Kernel[] = [maxPoolKernel('int8', 's8', 'int8_t', int8), maxPoolKernel('float32', 'f32', 'float', float), maxPoolAny, ...maxPoolCmsis];
