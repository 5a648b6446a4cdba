import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { normalAxis, ShapeError, type OpDefinition } from '../op';
import { forEachRow, rowsAlong } from '../rows';

const onnx: OnnxMapping = {
  import: {
    TopK(node) {
      const k = node.opset < 10 ? node.int('k', 0) : node.integers(1, 'a number of elements')[0];
      node.emit('top_k', [node.inputs[0]], { k, axis: node.int('axis', -1), largest: node.int('largest', 1) === 1, sorted: node.int('sorted', 1) === 1 });
    },
  },
  export: (node, writer) =>
    writer.emit('TopK', [writer.inputs[0], writer.constant('k', int64Tensor([node.int('k')]))], writer.outputs, {
      axis: node.int('axis'), largest: node.flag('largest') ? 1 : 0, sorted: node.flag('sorted') ? 1 : 0,
    }),
};

/** The k largest or smallest elements along an axis, and where they were. Attributes: k, axis, largest, sorted. */
export const topK: OpDefinition = {
  name: 'top_k',
  label: (node) => `Top${node.int('k')}`,
  infer(node) {
    const { dtype, shape } = node.type(0);
    if (!shape) return [{ dtype, shape }, { dtype: 'int64', shape }];
    const axis = normalAxis(node.int('axis'), shape.length);
    const k = node.int('k');
    if (!(k >= 0) || (shape[axis] >= 0 && k > shape[axis])) throw new ShapeError(`the ${k} best of ${shape[axis]} elements`);
    const result = shape.map((d, i) => (i === axis ? k : d));
    return [{ dtype, shape: result }, { dtype: 'int64', shape: result }];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    const [values, places] = [zeros(type), zeros({ dtype: 'int64', shape: type.shape })];
    const rows = rowsAlong(input!.type.shape, node.int('axis'));
    const k = node.int('k');
    const sign = node.flag('largest') ? -1 : 1;
    forEachRow(rows, (start, row) => {
      const order = Array.from({ length: rows.depth }, (_, i) => i);
      order.sort((a, b) => sign * (input!.data[start + a * rows.inner] - input!.data[start + b * rows.inner]) || a - b);
      const to = Math.floor(row / rows.inner) * k * rows.inner + (row % rows.inner);
      for (let i = 0; i < k; i++) {
        values.data[to + i * rows.inner] = input!.data[start + order[i] * rows.inner];
        places.data[to + i * rows.inner] = order[i];
      }
    });
    return [values, places];
  },
  onnx,
};
