import type { GraphEditor } from '../../ir/edit';
import type { ValueId } from '../../ir/types';
import { withShape, type OpDefinition } from '../op';
import { inputRowsKernels } from './kernels';

/**
 * Rows [from, to) along axis 1 of a graph's input that comes row by row: what the caller hands over before the layers behind it
 * can go on. Only the pass that runs layers in strips makes it, and generated C never holds that input as a whole.
 */
export const inputRows: OpDefinition = {
  name: 'input_rows',
  label: (node) => `Rows ${node.int('from')} to ${node.int('to') - 1}`,
  quantization: 'keeps',
  isHandedOver: true,
  infer(node) {
    const type = node.type(0);
    return [withShape(type, type.shape && [1, node.int('to') - node.int('from'), ...type.shape.slice(2)])];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    const row = input!.data.length / input!.type.shape[1];
    return [{ type, data: input!.data.slice(node.int('from') * row, node.int('to') * row) }];
  },
  kernels: inputRowsKernels,
};

/** Adds a node for such rows; the result has the node's name. */
export function addInputRows(editor: GraphEditor, name: string, input: ValueId, from: number, to: number): ValueId {
  const { type } = editor.value(input);
  const output = editor.addValue(name, withShape(type, [1, to - from, ...type.shape!.slice(2)]));
  editor.addNode({ op: inputRows.name, name, inputs: [input], outputs: [output], attributes: { from, to }, origin: [] });
  return output;
}
