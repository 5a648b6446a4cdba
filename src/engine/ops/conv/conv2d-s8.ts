import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import { biasOrZeros, isOnnxInt8, outputScales, weightsAsStored } from '../weights';
import { conv2dMembers, isOneDimensional, isPlain2d } from './conv2d-params';
import text from './tml_conv2d_s8.h';

export const conv2dS8: Kernel = {
  header: { file: 'tml_conv2d_s8.h', text, needs: [baseHeader] },
  supports: (node) => isOnnxInt8(node) && isPlain2d(node),
  plan(node) {
    const output = node.outputType();
    const clamp = fusedClamp(node);
    const [low, high] = clampedRange(output, clamp.min, clamp.max);
    const members = conv2dMembers(node);
    return {
      function: 'tml_conv2d_s8',
      params: {
        type: 'tml_conv2d_s8_params',
        members: { ...members, in_zero_point: node.staticType(0).quantization!.zeroPoint[0], out_zero_point: output.quantization!.zeroPoint[0], low, high },
      },
      inputs: [0],
      constants: [weightsAsStored(node, 'int8'), biasOrZeros(node, 'int32', members.out_c), outputScales(node, members.out_c)],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: isOneDimensional(members) ? 180 : 300,
    };
  },
};
