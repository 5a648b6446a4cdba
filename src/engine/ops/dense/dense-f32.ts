import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';
import { fusedClamp } from '../clamp-range';
import { biasOrZeros, hasConstantWeights, isFloat32, weightsAsStored } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_f32.h';

export const denseF32: Kernel = {
  header: { file: 'tml_dense_f32.h', text, needs: [baseHeader] },
  supports: (node) => isFloat32(node, 0, 1, 2) && hasConstantWeights(node),
  plan(node) {
    const clamp = fusedClamp(node);
    const members = denseMembers(node);
    return {
      function: 'tml_dense_f32',
      params: { type: 'tml_dense_f32_params', members: { ...members, low: clamp.min ?? -Infinity, high: clamp.max ?? Infinity } },
      inputs: [0],
      constants: [weightsAsStored(node, 'float32'), biasOrZeros(node, 'float32', members.outputs)],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 65,
    };
  },
};
