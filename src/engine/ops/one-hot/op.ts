import { elementCount } from '../../ir/dtype';
import { tensorOf, zeros } from '../../ir/tensor';
import { CannotWrite, type OnnxMapping } from '../../formats/onnx/mapping';
import type { TfliteMapping } from '../../formats/tflite/mapping';
import type { DType } from '../../ir/types';
import { normalAxis, type NodeView, type OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: {
    OneHot(node) {
      const depth = node.integers(1, 'a depth')[0];
      node.emit('one_hot', [node.inputs[0], node.inputs[2]], { depth: Math.trunc(depth), axis: node.int('axis', -1) });
    },
  },
  export(node, writer) {
    if (!node.flag('fromEnd', true)) throw new CannotWrite(`${node.node.name}: a negative place that means none has no ONNX form`);
    writer.emit('OneHot', [writer.inputs[0], writer.constant('depth', { type: { dtype: 'int64', shape: [] }, data: Float64Array.of(node.int('depth')) }), writer.inputs[1]], writer.outputs, { axis: node.int('axis') });
  },
};

const tflite: TfliteMapping = {
  import: {
    ONE_HOT(node) {
      node.needReal();
      const [on, off] = [2, 3].map((i) => node.constant(i) ?? node.refuse('an on- or off-value that varies'));
      const values = node.addConstant('values', tensorOf({ dtype: on.type.dtype, shape: [2] }, [off.data[0], on.data[0]]));
      node.emit('one_hot', [node.inputs[0], values], { depth: node.known(1, 'depths')[0], axis: node.number('axis'), fromEnd: false });
    },
  },
  export(node, writer) {
    if (node.flag('fromEnd', true)) return writer.refuse('places counted from the end');
    const values = node.constant(1) ?? writer.refuse('values that vary');
    const scalar = (suffix: string, dtype: DType, value: number): number => writer.constant(suffix, tensorOf({ dtype, shape: [] }, [value]));
    const [off, on] = values.data;
    const inputs = [writer.inputs[0], scalar('depth', 'int32', node.int('depth')), scalar('on', values.type.dtype, on), scalar('off', values.type.dtype, off)];
    writer.emit('ONE_HOT', inputs, writer.outputs, { axis: node.int('axis') });
  },
};

/** A new axis of `depth` elements that holds the on-value where the index points. Inputs: indices, [off, on]. Attributes: depth, axis, fromEnd (a negative index counts from the end: true). */
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
      const at = Math.trunc(index < 0 && node.flag('fromEnd', true) ? index + depth : index);
      if (at >= 0 && at < depth) result.data[(Math.floor(i / inner) * depth + at) * inner + (i % inner)] = values!.data[1];
    });
    return [result];
  },
  onnx,
  tflite,
};

function withAxis(node: NodeView, shape: readonly number[]): number[] {
  const axis = normalAxis(node.int('axis'), shape.length + 1);
  return [...shape.slice(0, axis), node.int('depth'), ...shape.slice(axis)];
}
