import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { TfliteMapping } from '../../formats/tflite/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { DType } from '../../ir/types';
import { normalAxis, ShapeError, type OpDefinition } from '../op';
import { forEachRow, rowsAlong } from '../rows';

const tflite: TfliteMapping = {
  import: {
    TOPK_V2(node) {
      node.needOneScale();
      const [k] = node.known(1, 'counts');
      node.emit('top_k', [node.inputs[0]], { k, axis: -1, largest: true, sorted: true, places: node.outputTypes[1].dtype });
    },
  },
  export(node, writer) {
    const { shape } = node.staticType(0);
    if (normalAxis(node.int('axis'), shape.length) !== shape.length - 1 || !node.flag('largest')) return writer.refuse('the smallest, or another axis than the last');
    const isInt32 = node.text('places', 'int64') === 'int32';
    const places = isInt32 ? writer.outputs[1] : writer.temporary('places', { dtype: 'int32', shape: node.outputType(1).shape });
    const k = writer.constant('k', { type: { dtype: 'int32', shape: [] }, data: Int32Array.of(node.int('k')) });
    writer.emit('TOPK_V2', [writer.inputs[0], k], [writer.outputs[0], places]);
    if (!isInt32) writer.emit('CAST', [places], [writer.outputs[1]], {});
  },
};

const onnx: OnnxMapping = {
  import: {
    TopK(node) {
      const k = node.opset < 10 ? node.int('k', 0) : node.integers(1, 'a number of elements')[0];
      node.emit('top_k', [node.inputs[0]], { k, axis: node.int('axis', -1), largest: node.int('largest', 1) === 1, sorted: node.int('sorted', 1) === 1 });
    },
  },
  export(node, writer) {
    const [values, places] = writer.outputs;
    const isInt64 = node.text('places', 'int64') === 'int64' || !places;
    const found = isInt64 ? places : writer.temporary('places');
    writer.emit('TopK', [writer.inputs[0], writer.constant('k', int64Tensor([node.int('k')]))], [values, found], {
      axis: node.int('axis'), largest: node.flag('largest') ? 1 : 0, sorted: node.flag('sorted') ? 1 : 0,
    });
    if (!isInt64) writer.emit('Cast', [found], [places], { to: INT32 });
  },
};

/** Source: onnx.proto, TensorProto.DataType. */
const INT32 = 6;

/** The k largest or smallest elements along an axis, and where they were. Attributes: k, axis, largest, sorted, places (type of where: int64). */
export const topK: OpDefinition = {
  name: 'top_k',
  label: (node) => `Top${node.int('k')}`,
  infer(node) {
    const { dtype, shape } = node.type(0);
    const places = node.text('places', 'int64') as DType;
    if (!shape) return [{ dtype, shape }, { dtype: places, shape }];
    const axis = normalAxis(node.int('axis'), shape.length);
    const k = node.int('k');
    if (!(k >= 0) || (shape[axis] >= 0 && k > shape[axis])) throw new ShapeError(`the ${k} best of ${shape[axis]} elements`);
    const result = shape.map((d, i) => (i === axis ? k : d));
    return [{ dtype, shape: result }, { dtype: places, shape: result }];
  },
  evaluate(node, [input]) {
    const type = node.outputType();
    const [values, places] = [zeros(type), zeros({ dtype: node.text('places', 'int64') as DType, shape: type.shape })];
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
  tflite,
};
