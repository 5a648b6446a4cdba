import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { input, joinRange, output } from '../coupling';
import { normalAxis, ShapeError, withShape, type OpDefinition } from '../op';
import { runStart } from '../ranges';
import { splitKernels } from './kernels';
import { splitOnnx } from './onnx';
import { splitTflite } from './tflite';

/** Consecutive parts of a tensor along an axis, one per output. Attributes: axis, sizes. */
export const split: OpDefinition = {
  name: 'split',
  label: () => 'Split',
  quantization: 'keeps',
  infer(node) {
    const type = node.type(0);
    const sizes = node.ints('sizes');
    if (sizes.length !== node.node.outputs.length) throw new ShapeError(`${sizes.length} sizes for ${node.node.outputs.length} parts`);
    const { shape } = type;
    if (!shape) return sizes.map(() => type);
    const axis = normalAxis(node.int('axis'), shape.length);
    const total = sizes.reduce((a, b) => a + b, 0);
    if (sizes.some((size) => size < 0) || (shape[axis] >= 0 && total !== shape[axis])) throw new ShapeError(`${shape[axis]} elements cannot be split into ${sizes.join(' + ')}`);
    return sizes.map((size) => withShape(type, shape.map((extent, i) => (i === axis ? size : extent))));
  },
  evaluate(node, [input]) {
    const { shape } = input!.type;
    const axis = normalAxis(node.int('axis'), shape.length);
    const inner = elementCount(shape.slice(axis + 1));
    const row = shape[axis] * inner;
    let offset = 0;
    return node.ints('sizes').map((size, i) => {
      const part = zeros(node.outputType(i));
      const length = size * inner;
      for (let from = offset, to = 0; to < part.data.length; from += row, to += length) part.data.set(input!.data.subarray(from, from + length), to);
      offset += length;
      return part;
    });
  },
  ranges(node) {
    const type = node.staticType(0);
    const axis = normalAxis(node.int('axis'), type.shape.length);
    let next = 0;
    return {
      parts: 'outputs',
      at: node.ints('sizes').map((size) => {
        const at = next;
        next += size;
        return node.isConstant(0) ? undefined : runStart(type, type.shape.map((_, a) => (a === axis ? at : 0)), type.shape.map((extent, a) => (a === axis ? size : extent)));
      }),
    };
  },
  kernels: splitKernels,
  coupling: {
    join(node, entries) {
      const { shape } = node.staticType(0);
      const parted = normalAxis(node.int('axis'), shape.length);
      let from = 0;
      node.ints('sizes').forEach((size, part) => {
        shape.forEach((extent, axis) => joinRange(entries, output(axis, part), input(0, axis), axis === parted ? size : extent, 0, axis === parted ? from : 0));
        from += size;
      });
    },
    resized: (node) => ({ sizes: node.node.outputs.map((_, part) => node.outputType(part).shape[normalAxis(node.int('axis'), node.staticType(0).shape.length)]) }),
  },
  onnx: splitOnnx,
  tflite: splitTflite,
};
