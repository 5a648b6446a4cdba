import { packedInput } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import text from './tml_group_norm_f32.h';

const groupNormF32: Kernel = {
  header: { file: 'tml_group_norm_f32.h', text, needs: [baseHeader] },
  supports: (node) => [0, 1, 2].every((i) => node.type(i).dtype === 'float32') && node.isConstant(1) && node.isConstant(2),
  plan(node) {
    const { shape } = node.staticType(0);
    const groups = node.int('groups');
    return {
      function: 'tml_group_norm_f32',
      params: {
        type: 'tml_group_norm_f32_params',
        members: { images: shape[0], groups, per_group: shape[1] / groups, area: elementCount(shape.slice(2)), epsilon: node.attributes.epsilon as number },
      },
      inputs: [0],
      constants: [packedInput(node, 1, 'scale'), packedInput(node, 2, 'bias')],
      overlaps: [{ input: 0, same: true }],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 190,
    };
  },
};

export const groupNormKernels: readonly Kernel[] = [groupNormF32];
