import { cmsisKernels, codeMembers } from '../codegen/cmsis-nn/cmsis-kernel';
import type { Kernel } from '../codegen/kernel';
import type { NodeView } from './op';
import { isPlainPool, poolMembers } from './pool';

const poolCmsis = (name: string, supports: (node: NodeView) => boolean, scratchPerChannel: number): readonly Kernel[] =>
  cmsisKernels((node) => isPlainPool(node) && supports(node), (node) => {
    const members = poolMembers(node);
    const { low, high } = codeMembers(node);
    const scratchBytes = Math.max(4, scratchPerChannel * members.channels);
    return { function: name, params: { type: 'tml_cmsis_pool_params', members: { ...members, low, high, scratch_bytes: scratchBytes } }, inputs: [0], constants: [], scratchBytes };
  });

/** Sums of 32 bits on cores with DSP instructions. */
export const averagePoolCmsis = poolCmsis('tml_cmsis_average_pool_s8', (node) => !node.flag('countPadding'), 4);
export const maxPoolCmsis = poolCmsis('tml_cmsis_max_pool_s8', () => true, 0);
