import { cTypeOf } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { functionsHeader } from '../../codegen/runtime/requantize-header';
import type { NodeView } from '../op';
import { isFixedPoint } from '../real-result';
import { differenceScale } from './fixed';
import { softmaxRows } from './rows';
import text from './tml_softmax_q31.h';

/** By input and output. */
const suffixes: Readonly<Record<string, string | undefined>> = { int8_int8: 's8', uint8_uint8: 'u8', int8_int16: 's8_s16' };
const suffixOf = (node: NodeView): string | undefined => suffixes[`${node.type(0).dtype}_${node.outputType().dtype}`];

export const softmaxQ31: Kernel = {
  header: { file: 'tml_softmax_q31.h', text, needs: [functionsHeader] },
  supports: (node) => isFixedPoint(node.rounding) && node.type(0).quantization !== undefined && suffixOf(node) !== undefined,
  plan(node) {
    const [from, to] = [node.type(0), node.outputType()];
    return {
      function: `tml_softmax_q31_${suffixOf(node)}`,
      params: { type: 'tml_softmax_q31_params', members: { ...softmaxRows(node), ...differenceScale(node) } },
      inputs: [0],
      constants: [],
      overlaps: from.dtype === to.dtype ? [{ input: 0, same: true }] : [],
      inputTypes: [cTypeOf(from)],
      outputType: cTypeOf(to),
      codeBytes: 330,
    };
  },
};
