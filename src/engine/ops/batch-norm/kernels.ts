import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { elementCount } from '../../ir/dtype';
import type { NodeView } from '../op';
import { affineOf, channelStride } from './affine';
import text from './tml_channel_affine_f32.h';

const affine = (node: NodeView): ReturnType<typeof affineOf> => {
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) => node.constant(i)!.data);
  return affineOf(node, scale, bias, mean, variance);
};

const channelAffine: Kernel = {
  header: { file: 'tml_channel_affine_f32.h', text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32' && [1, 2, 3, 4].every((i) => node.isConstant(i)),
  plan(node) {
    const channels = elementCount(node.staticType(1).shape);
    const inner = channelStride(node);
    return {
      function: 'tml_channel_affine_f32',
      params: { type: 'tml_channel_affine_f32_params', members: { outer: elementCount(node.outputType().shape) / (channels * inner), channels, inner } },
      inputs: [0],
      constants: [
        { role: 'gain', dtype: 'float32', elements: channels, make: () => Float32Array.from(affine(node).gain) },
        { role: 'shift', dtype: 'float32', elements: channels, make: () => Float32Array.from(affine(node).shift) },
      ],
      overlaps: [{ input: 0, same: true }],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes: 70,
    };
  },
};

export const batchNormKernels: readonly Kernel[] = [channelAffine];
