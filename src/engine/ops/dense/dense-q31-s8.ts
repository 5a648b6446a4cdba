import type { Kernel } from '../../codegen/kernel';
import { requantizeHeader } from '../../codegen/runtime/requantize-header';
import { fixedMembers, isFixedInt8, multiplierConstants } from '../fixed-weights';
import { storedInt8Plan } from '../stored-int8-layer';
import { hasConstantWeights } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_q31_s8.h';

export const denseQ31S8: Kernel = {
  header: { file: 'tml_dense_q31_s8.h', text, needs: [requantizeHeader] },
  supports: (node) => isFixedInt8(node) && hasConstantWeights(node),
  plan(node) {
    const members = denseMembers(node);
    return storedInt8Plan(node, { function: 'tml_dense_q31_s8', outputs: members.outputs, members: { ...members, ...fixedMembers(node) }, scales: multiplierConstants(node, true), codeBytes: 170 });
  },
};
