import { broadcastMembers, broadcastPlan } from '../../codegen/broadcast-plan';
import { cTypeOf, isElement, packedInput, readerOf, suffixOf } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import type { NodeView } from '../op';
import text from './tml_where.h';

const planOf = (node: NodeView): ReturnType<typeof broadcastPlan> => broadcastPlan(node.outputType().shape, [0, 1, 2].map((i) => node.staticType(i).shape), 4);

const pick: Kernel = {
  header: { file: 'tml_where.h', text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'bool' && !node.isConstant(0) && isElement(node.outputType()) && node.type(1).dtype === node.type(2).dtype && planOf(node) !== undefined,
  plan(node) {
    const type = node.outputType();
    // Constants come last.
    const isTurned = node.isConstant(1) && !node.isConstant(2);
    const order = isTurned ? [2, 1] : [1, 2];
    const constants = order.filter((i) => node.isConstant(i));
    const reader = (i: number): string => (node.isConstant(i) ? readerOf(type) : 'TML_RAM');
    const { counts, strides } = planOf(node)!;
    const name = `tml_where_${suffixOf(type)}_${constants.length}`;
    return {
      function: name,
      params: {
        type: 'tml_where_params',
        members: { ...broadcastMembers({ counts, strides: [0, ...order].map((i) => strides[i]) }, ['c', 'a', 'b']), picks: isTurned ? 0 : 1 },
      },
      inputs: [0, ...order.filter((i) => !node.isConstant(i))],
      constants: constants.map((i) => packedInput(node, i, i === 1 ? 'yes' : 'no')),
      overlaps: [],
      inputTypes: ['uint8_t', cTypeOf(type), cTypeOf(type)],
      outputType: cTypeOf(type),
      instances: [{ macro: 'TML_WHERE', name, args: [cTypeOf(type), ...order.map(reader)], codeBytes: 0 }],
      codeBytes: 80,
    };
  },
};

export const whereKernels: readonly Kernel[] = [pick];
