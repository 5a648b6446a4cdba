import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { fixedMembers, isFixedInt8, multiplierConstants } from '../fixed-weights';
import { storedInt8Plan } from '../stored-int8-layer';
import { conv2dMembers, isOneDimensional, isPlain2d } from './conv2d-params';
import text from './tml_conv2d_q31_s8.h';

export const conv2dQ31S8: Kernel = {
  header: { file: 'tml_conv2d_q31_s8.h', text, needs: [requantizeHeader] },
  supports: (node) => isFixedInt8(node) && isPlain2d(node),
  plan(node) {
    const members = conv2dMembers(node);
    return storedInt8Plan(node, {
      function: 'tml_conv2d_q31_s8', outputs: members.out_c, members: { ...members, ...fixedMembers(node) }, scales: multiplierConstants(node), codeBytes: isOneDimensional(members) ? 240 : 380,
    });
  },
};
