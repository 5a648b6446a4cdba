import { cmsisKernels, cmsisMultipliers, codeMembers } from '../../codegen/cmsis-nn/cmsis-kernel';
import type { Kernel } from '../../codegen/kernel';
import { isFixedInt8 } from '../fixed-weights';
import { biasOrZeros, hasConstantWeights, weightsAsStored } from '../weights';
import { denseMembers } from './dense-params';

export const denseCmsis: readonly Kernel[] = cmsisKernels((node) => isFixedInt8(node) && hasConstantWeights(node), (node, build) => {
  const members = denseMembers(node);
  const scales = node.staticType(1).quantization!.scale.length;
  // With Helium the sums of all weights of an output; elsewhere nothing, but a pointer is asked for.
  const scratchBytes = build === 'mve' ? 4 * members.outputs : 4;
  return {
    function: 'tml_cmsis_dense_s8',
    params: { type: 'tml_cmsis_dense_params', members: { ...members, ...codeMembers(node), per_channel: scales > 1 ? 1 : 0, scratch_bytes: scratchBytes } },
    inputs: [0],
    constants: [weightsAsStored(node, 'int8'), biasOrZeros(node, 'int32', members.outputs), ...cmsisMultipliers(node, scales, true)],
    scratchBytes,
  };
});
