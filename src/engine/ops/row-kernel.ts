import type { Kernel } from '../codegen/kernel';
import { baseHeader } from '../codegen/runtime/base-header';
import type { NodeView } from './op';
import { rowsAlong } from './rows';
import text from './tml_rows_f32.h';

/** A function of tml_rows_f32.h, named by the node. */
export const rowKernel = (nameOf: (node: NodeView) => string, codeBytes: number): Kernel => ({
  header: { file: 'tml_rows_f32.h', text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32' && node.outputType().dtype === 'float32',
  plan(node) {
    const flag = (name: string): number => (node.flag(name) ? 1 : 0);
    return {
      function: nameOf(node),
      params: { type: 'tml_rows_f32_params', members: { ...rowsAlong(node.staticType(0).shape, node.int('axis')), reverse: flag('reverse'), exclusive: flag('exclusive') } },
      inputs: [0],
      constants: [],
      overlaps: [{ input: 0, same: true }],
      inputTypes: ['float'],
      outputType: 'float',
      codeBytes,
    };
  },
});
