import type { Kernel } from '../../codegen/kernel';
import { functionsHeader } from '../../codegen/runtime/requantize-header';
import { isFixedPoint } from '../real-result';
import { differenceScale } from './fixed';
import { softmaxRows } from './rows';
import text from './tml_softmax_q31.h';

const suffixes: Readonly<Record<string, string | undefined>> = { int8: 's8', int16: 's8_s16' };

export const softmaxQ31: Kernel = {
  header: { file: 'tml_softmax_q31.h', text, needs: [functionsHeader] },
  supports: (node) => isFixedPoint(node.rounding) && node.type(0).dtype === 'int8' && node.type(0).quantization !== undefined && suffixes[node.outputType().dtype] !== undefined,
  plan(node) {
    const { dtype } = node.outputType();
    return {
      function: `tml_softmax_q31_${suffixes[dtype]}`,
      params: { type: 'tml_softmax_q31_params', members: { ...softmaxRows(node), ...differenceScale(node) } },
      inputs: [0],
      constants: [],
      overlaps: dtype === 'int8' ? [{ input: 0, same: true }] : [],
      inputTypes: ['int8_t'],
      outputType: dtype === 'int8' ? 'int8_t' : 'int16_t',
      codeBytes: 330,
    };
  },
};
