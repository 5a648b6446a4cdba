import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';
import { fusedClamp } from '../clamp-range';
import { biasOrZeros, isFloat32, weightsAsStored } from '../weights';
import { conv2dMembers, isOneDimensional, isPlain2d } from './conv2d-params';
import text from './tml_conv2d_f32.h';

export const conv2dF32: Kernel = {
  header: { file: 'tml_conv2d_f32.h', text, needs: [baseHeader] },
  supports: (node) => isFloat32(node, 0, 1, 2) && isPlain2d(node),
  plan(node) {
    const clamp = fusedClamp(node);
    const members = conv2dMembers(node);
    return {
      function: 'tml_conv2d_f32',
      params: { type: 'tml_conv2d_f32_params', members: { ...members, low: clamp.min ?? -Infinity, high: clamp.max ?? Infinity } },
      inputs: [0],
      constants: [weightsAsStored(node, 'float32'), biasOrZeros(node, 'float32', members.out_c)],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: isOneDimensional(members) ? 140 : 250,
    };
  },
};
