import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';
import { storedInt8Plan } from '../stored-int8-layer';
import { isOnnxInt8, outputScales } from '../weights';
import { conv2dMembers, isOneDimensional, isPlain2d } from './conv2d-params';
import text from './tml_conv2d_s8.h';

export const conv2dS8: Kernel = {
  header: { file: 'tml_conv2d_s8.h', text, needs: [baseHeader] },
  supports: (node) => isOnnxInt8(node) && isPlain2d(node),
  plan(node) {
    const members = conv2dMembers(node);
    return storedInt8Plan(node, {
      function: 'tml_conv2d_s8', outputs: members.out_c, members: { ...members }, scales: [outputScales(node, members.out_c)], codeBytes: isOneDimensional(members) ? 180 : 300,
    });
  },
};
