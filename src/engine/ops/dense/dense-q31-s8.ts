import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { clampedRange } from '../../quant/rounding';
import { fusedClamp } from '../clamp-range';
import { fixedMembers, isFixedInt8, multiplierConstants } from '../fixed-weights';
import { biasOrZeros, hasConstantWeights, weightsAsStored } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_q31_s8.h';

export const denseQ31S8: Kernel = {
  header: { file: 'tml_dense_q31_s8.h', text, needs: [requantizeHeader] },
  supports: (node) => isFixedInt8(node) && hasConstantWeights(node),
  plan(node) {
    const output = node.outputType();
    const clamp = fusedClamp(node);
    const [low, high] = clampedRange(output, clamp.min, clamp.max);
    const members = denseMembers(node);
    return {
      function: 'tml_dense_q31_s8',
      params: {
        type: 'tml_dense_q31_s8_params',
        members: { ...members, in_zero_point: node.staticType(0).quantization!.zeroPoint[0], out_zero_point: output.quantization!.zeroPoint[0], low, high, ...fixedMembers(node) },
      },
      inputs: [0],
      constants: [weightsAsStored(node, 'int8'), biasOrZeros(node, 'int32', members.outputs), ...multiplierConstants(node, true)],
      inputTypes: ['int8_t'],
      outputType: 'int8_t',
      codeBytes: 170,
    };
  },
};
