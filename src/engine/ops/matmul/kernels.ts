import { broadcastMembers, broadcastPlan } from '../../codegen/broadcast-plan';
import { packedInput } from '../../codegen/element-types';
import type { Kernel } from '../../codegen/kernel';
import { baseHeader } from '../../codegen/runtime/base-header';
import { broadcastShape } from '../broadcast';
import type { NodeView } from '../op';
import { asMatrix } from './shapes';
import text from './tml_matmul_f32.h';

function planOf(node: NodeView): Record<string, number> | undefined {
  const left = asMatrix(node.staticType(0).shape, 'row');
  const right = asMatrix(node.staticType(1).shape, 'column');
  const [a, b] = [left.slice(0, -2), right.slice(0, -2)];
  const batches = broadcastPlan(broadcastShape(a, b), [a, b], 3);
  const [rows, depth] = left.slice(-2);
  return batches && { ...broadcastMembers(batches, ['a', 'b']), rows, depth, columns: right[right.length - 1] };
}

const matmulF32: Kernel = {
  header: { file: 'tml_matmul_f32.h', text, needs: [baseHeader] },
  supports: (node) => node.type(0).dtype === 'float32' && node.type(1).dtype === 'float32' && !(node.isConstant(0) && node.isConstant(1)) && planOf(node) !== undefined,
  plan(node) {
    // What is constant comes second.
    const order = node.isConstant(0) ? [1, 0] : [0, 1];
    const constants = order.filter((i) => node.isConstant(i));
    const name = `tml_matmul_f32${constants.length ? (order[0] ? '_left' : '_right') : ''}`;
    const read = (i: number): string => (node.isConstant(i) ? 'TML_F32' : 'TML_RAM');
    return {
      function: name,
      params: { type: 'tml_matmul_f32_params', members: planOf(node)! },
      inputs: order.filter((i) => !node.isConstant(i)),
      constants: constants.map((i) => packedInput(node, i, 'matrix')),
      overlaps: [],
      inputTypes: ['float', 'float'],
      outputType: 'float',
      instances: [{ macro: 'TML_MATMUL_F32', name, args: [...order.map((i) => 'ab'[i]), read(0), read(1)], codeBytes: 0 }],
      codeBytes: 80,
    };
  },
};

export const matmulKernels: readonly Kernel[] = [matmulF32];
