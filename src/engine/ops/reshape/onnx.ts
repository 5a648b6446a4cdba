import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { elementCount } from '../../ir/dtype';
import { normalAxis } from '../op';

/** What -1 leaves open is filled in where the input's size is known. */
function emit(node: OnnxNode, shape: readonly number[]): void {
  const from = node.type(0).shape;
  const rest = elementCount(shape.filter((extent) => extent !== -1));
  const open = from && from.every((extent) => extent >= 0) && rest > 0 ? elementCount(from) / rest : -1;
  node.emit('reshape', [node.inputs[0]], { shape: Number.isInteger(open) ? shape.map((extent) => (extent === -1 ? open : extent)) : shape });
}

/** Axes are an attribute before opset 13 and an input from then on. */
function axesOf(node: OnnxNode, since: number): readonly number[] | undefined {
  if (node.opset < since) return node.ints('axes');
  if (node.inputs[1] === undefined) return undefined;
  const axes = node.constant(1);
  return axes ? Array.from(axes.data) : node.refuse('axes that vary');
}

export const reshapeOnnx: OnnxMapping = {
  import: {
    Reshape(node) {
      const wanted = node.opset < 5 ? node.ints('shape') : node.constant(1)?.data;
      if (!wanted) return node.refuse('a shape that varies');
      const from = node.type(0).shape;
      const copyZero = node.int('allowzero', 0) === 0;
      emit(node, Array.from(wanted, (extent, axis) => (extent === 0 && copyZero ? (from?.[axis] ?? node.refuse('a shape that copies an unknown extent')) : extent)));
    },
    Flatten(node) {
      const { shape } = node.type(0);
      if (!shape || shape.some((d) => d < 0)) return node.refuse('an input of unknown shape');
      const axis = node.int('axis', 1);
      const split = axis === shape.length ? axis : normalAxis(axis, shape.length);
      emit(node, [elementCount(shape.slice(0, split)), elementCount(shape.slice(split))]);
    },
    Squeeze(node) {
      const { shape } = node.type(0);
      if (!shape) return node.refuse('an input of unknown rank');
      const axes = axesOf(node, 13)?.map((axis) => normalAxis(axis, shape.length));
      emit(node, shape.filter((extent, axis) => (axes ? !axes.includes(axis) : extent !== 1)));
    },
    Unsqueeze(node) {
      const { shape } = node.type(0);
      const axes = axesOf(node, 13);
      if (!shape || !axes) return node.refuse('an input of unknown rank');
      const rank = shape.length + axes.length;
      const inserted = new Set(axes.map((axis) => normalAxis(axis, rank)));
      const rest = [...shape];
      emit(node, Array.from({ length: rank }, (_, axis) => (inserted.has(axis) ? 1 : rest.shift()!)));
    },
  },
  export(node, writer) {
    const shape = node.outputType().shape;
    const target = writer.constant('shape', { type: { dtype: 'int64', shape: [shape.length] }, data: Float64Array.from(shape) });
    writer.emit('Reshape', [writer.inputs[0], target], writer.outputs);
  },
};
