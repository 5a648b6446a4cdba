import { cmsisKernels } from '../../codegen/cmsis-nn/cmsis-kernel';
import { differenceScale } from './fixed';
import { softmaxRows } from './rows';

/** Rows that are runs of memory. */
export const softmaxCmsis = cmsisKernels((node) => softmaxRows(node).inner === 1, (node) => {
  const { outer, depth } = softmaxRows(node);
  return { function: 'tml_cmsis_softmax_s8', params: { type: 'tml_cmsis_softmax_params', members: { rows: outer, depth, ...differenceScale(node) } }, inputs: [0], constants: [] };
});
