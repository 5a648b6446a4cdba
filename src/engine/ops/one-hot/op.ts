import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { normalAxis, type NodeView, type OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: {
    OneHot(node) {
      const depth = node.integers(1, 'a depth')[0];
      node.emit('one_hot', [node.inputs[0], node.inputs[2]], { depth: Math.trunc(depth), axis: node.int('axis', -1) });
    },
  },
  export: (node, writer) =>
    writer.emit('OneHot', [writer.inputs[0], writer.constant('depth', { type: { dtype: 'int64', shape: [] }, data: Float64Array.of(node.int('depth')) }), writer.inputs[1]], writer.outputs, { axis: node.int('axis') }),
};

/** A new axis of `depth` elements that holds the on-value where the index points. Inputs: indices, [off, on]. Attributes: depth, axis. */
export const oneHot: OpDefinition = {
  name: 'one_hot',
  label: () => 'OneHot',
  infer(node) {
    const { shape } = node.type(0);
    return [{ dtype: node.type(1).dtype, shape: shape && withAxis(node, shape) }];
  },
  evaluate(node, [indices, values]) {
    const result = zeros(node.outputType());
    const { shape } = indices!.type;
    const depth = node.int('depth');
    const axis = normalAxis(node.int('axis'), shape.length + 1);
    const inner = elementCount(shape.slice(axis));
    result.data.fill(values!.data[0]);
    indices!.data.forEach((index, i) => {
      const at = Math.trunc(index < 0 ? index + depth : index);
      if (at >= 0 && at < depth) result.data[(Math.floor(i / inner) * depth + at) * inner + (i % inner)] = values!.data[1];
    });
    return [result];
  },
  onnx,
};

function withAxis(node: NodeView, shape: readonly number[]): number[] {
  const axis = normalAxis(node.int('axis'), shape.length + 1);
  return [...shape.slice(0, axis), node.int('depth'), ...shape.slice(axis)];
}
