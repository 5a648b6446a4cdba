import { tensorOf } from '../../ir/tensor';
import type { TensorType } from '../../ir/types';
import type { OpDefinition } from '../op';
import { forEachPosition } from '../gather/indices';

/** Places of all elements that are not zero, one row each: as many as the data say. */
export const nonZero: OpDefinition = {
  name: 'non_zero',
  label: () => 'Places that are not zero',
  infer: (node): TensorType[] => [{ dtype: 'int64', shape: node.type(0).shape && [-1, node.type(0).shape!.length] }],
  evaluate(_node, [input]) {
    const rows: number[] = [];
    forEachPosition(input!.type.shape, (position, i) => void (input!.data[i] && rows.push(...position)));
    const rank = input!.type.shape.length;
    return [tensorOf({ dtype: 'int64', shape: [rank ? rows.length / rank : Number(input!.data[0] !== 0), rank] }, rows)];
  },
  keepsConstants: true,
  onnx: {
    import: {},
    export(_node, writer) {
      const columns = writer.temporary('columns');
      writer.emit('NonZero', [writer.inputs[0]], [columns]);
      writer.emit('Transpose', [columns], writer.outputs, { perm: [1, 0] });
    },
  },
  tflite: {
    import: {
      WHERE(node) {
        if (node.inputs.length !== 1) node.refuse('a choice between two tensors');
        node.needReal();
        node.emit('non_zero', node.inputs);
      },
    },
    export: (_node, writer) => writer.emit('WHERE', writer.inputs, writer.outputs),
  },
};
