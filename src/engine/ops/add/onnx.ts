import type { OnnxMapping } from '../../formats/onnx/mapping';
import { tensorOf } from '../../ir/tensor';
import type { ValueId } from '../../ir/types';
import { emitAll } from '../binary/onnx';

export const addOnnx: OnnxMapping = {
  import: {
    Add(node) {
      if (node.opset < 7 && node.int('broadcast', 0)) return node.refuse('broadcasting of operator set 6');
      node.emit('add', node.inputs);
    },
    Sum: (node) => emitAll(node, 'add'),
    Mean(node) {
      const inputs = node.inputs.filter((id): id is ValueId => id !== undefined);
      const sum = inputs.slice(1).reduce((left, right) => node.step('add', [left, right]), inputs[0] ?? node.refuse('no operands'));
      const count = node.addConstant('count', tensorOf({ dtype: node.type(0).dtype, shape: [] }, [inputs.length]));
      node.emit('div', [sum, count]);
    },
  },
  export: (_node, writer) => writer.emit('Add', writer.inputs, writer.outputs),
};
