import type { TfliteMapping, TfliteNode } from '../../formats/tflite/mapping';
import type { ValueId } from '../../ir/types';

export const matmulTflite: TfliteMapping = {
  import: {
    BATCH_MATMUL(node) {
      node.needReal();
      node.emit('matmul', [operand(node, 0, node.flag('adjX')), operand(node, 1, node.flag('adjY'))]);
    },
  },
  export: (_node, writer) => writer.emit('BATCH_MATMUL', writer.inputs, writer.outputs),
};

/** The last two axes exchanged where the option says so. */
function operand(node: TfliteNode, index: number, isTurned: boolean): ValueId | undefined {
  if (!isTurned) return node.inputs[index];
  const rank = node.shape(index).length;
  const permutation = Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return node.step('transpose', [node.inputs[index]], { permutation });
}
