import type { Kernel } from '../../codegen/kernel';
import { functionsHeader } from '../../codegen/runtime/requantize-header';
import { roundingsOf } from '../fixed-weights';
import { isFixedPoint } from '../real-result';
import { expTable, int16Difference, reciprocalTable } from './fixed';
import { softmaxRows } from './rows';
import text from './tml_softmax_s16.h';

export const softmaxS16: Kernel = {
  header: { file: 'tml_softmax_s16.h', text, needs: [functionsHeader] },
  supports: (node) => isFixedPoint(node.rounding) && [node.type(0), node.outputType()].every((type) => type.dtype === 'int16' && type.quantization !== undefined),
  plan(node) {
    const { mantissa, shift } = int16Difference(node);
    return {
      function: 'tml_softmax_s16',
      params: { type: 'tml_softmax_s16_params', members: { ...softmaxRows(node), mantissa, shift, roundings: roundingsOf(node) } },
      inputs: [0],
      constants: [
        { role: 'exponentials', dtype: 'int16', elements: expTable.length, make: () => expTable },
        { role: 'reciprocals', dtype: 'int16', elements: reciprocalTable.length, make: () => reciprocalTable },
      ],
      overlaps: [],
      inputTypes: ['int16_t'],
      outputType: 'int16_t',
      codeBytes: 420,
    };
  },
};
