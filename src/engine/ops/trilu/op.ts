import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { ShapeError, type OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: {
    Trilu: (node) => void node.emit('trilu', [node.inputs[0]], { upper: node.int('upper', 1) === 1, diagonal: node.has(1) ? node.integers(1, 'a diagonal')[0] : 0 }),
  },
  export: (node, writer) => writer.emit('Trilu', [writer.inputs[0], writer.constant('k', int64Tensor([node.int('diagonal')], []))], writer.outputs, { upper: node.flag('upper') ? 1 : 0 }),
};

/** The upper or lower triangle of matrices in the last two axes, zeros elsewhere. Attributes: upper, diagonal. */
export const trilu: OpDefinition = {
  name: 'trilu',
  label: (node) => (node.flag('upper') ? 'Triu' : 'Tril'),
  infer(node) {
    const { dtype, shape } = node.type(0);
    if (shape && shape.length < 2) throw new ShapeError('a vector has no triangle');
    return [{ dtype, shape }];
  },
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const [rows, columns] = input!.type.shape.slice(-2);
    const [upper, diagonal] = [node.flag('upper'), node.int('diagonal')];
    for (let i = 0; i < result.data.length; i++) {
      const offset = (i % columns) - (Math.floor(i / columns) % rows);
      if (upper ? offset >= diagonal : offset <= diagonal) result.data[i] = input!.data[i];
    }
    return [result];
  },
  onnx,
};
