import { cTypeOf, isElement, suffixOf } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { rowsAlong } from '../rows';
import text from './tml_arg.h';

/** `better`: C's comparison with the best so far. */
export const argKernel = (name: string, better: '>' | '<'): Kernel => ({
  header: { file: 'tml_arg.h', text, needs: [baseHeader] },
  supports: (node) => isElement(node.type(0)) && isElement(node.outputType()),
  plan(node) {
    const [from, to] = [node.staticType(0), node.outputType()];
    const isLast = node.flag('selectLast');
    const own = `tml_${name}${isLast ? '_last' : ''}_${suffixOf(from)}_${suffixOf(to)}`;
    return {
      function: own,
      params: { type: 'tml_arg_params', members: { ...rowsAlong(from.shape, node.int('axis', 0)) } },
      inputs: [0],
      constants: [],
      overlaps: [],
      inputTypes: [cTypeOf(from)],
      outputType: cTypeOf(to),
      instances: [{ macro: 'TML_ARG', name: own, args: [cTypeOf(from), cTypeOf(to), isLast ? `${better}=` : better], codeBytes: 0 }],
      codeBytes: 60,
    };
  },
});
