import { baseHeader } from '../../codegen/runtime/base-header';
import type { Kernel } from '../../codegen/kernel';
import { storedInt8Plan } from '../stored-int8-layer';
import { hasConstantWeights, isOnnxInt8, outputScales } from '../weights';
import { denseMembers } from './dense-params';
import text from './tml_dense_s8.h';

export const denseS8: Kernel = {
  header: { file: 'tml_dense_s8.h', text, needs: [baseHeader] },
  supports: (node) => isOnnxInt8(node) && hasConstantWeights(node),
  plan(node) {
    const members = denseMembers(node);
    return storedInt8Plan(node, { function: 'tml_dense_s8', outputs: members.outputs, members: { ...members }, scales: [outputScales(node, members.outputs)], codeBytes: 140 });
  },
};
