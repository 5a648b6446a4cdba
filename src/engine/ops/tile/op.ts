import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { ShapeError, withShape, type OpDefinition } from '../op';
import { tileKernels } from './kernels';
import { tileTflite } from './tflite';

const onnx: OnnxMapping = {
  import: { Tile: (node) => void node.emit('tile', [node.inputs[0]], { repeats: node.integers(1, 'a number of repeats') }) },
  export: (node, writer) => writer.emit('Tile', [writer.inputs[0], writer.constant('repeats', int64Tensor(node.ints('repeats')))], writer.outputs),
};

/** The whole tensor several times along each axis. Attribute: repeats, one per axis. */
export const tile: OpDefinition = {
  name: 'tile',
  label: () => 'Tile',
  quantization: 'keeps',
  infer(node) {
    const type = node.type(0);
    const repeats = node.ints('repeats');
    if (!type.shape) return [type];
    if (repeats.length !== type.shape.length || repeats.some((r) => !(r >= 0))) throw new ShapeError(`repeats ${repeats.join(', ')} for ${type.shape.length} axes`);
    return [withShape(type, type.shape.map((extent, axis) => (extent < 0 ? -1 : extent * repeats[axis])))];
  },
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const from = input!.type.shape;
    const to = result.type.shape;
    const strides = from.map((_, axis) => from.slice(axis + 1).reduce((a, b) => a * b, 1));
    const position = to.map(() => 0);
    for (let i = 0; i < result.data.length; i++) {
      let at = 0;
      for (let axis = 0; axis < to.length; axis++) at += (position[axis] % from[axis]) * strides[axis];
      result.data[i] = input!.data[at];
      for (let axis = to.length - 1; axis >= 0 && ++position[axis] === to[axis]; axis--) position[axis] = 0;
    }
    return [result];
  },
  kernels: tileKernels,
  onnx,
  tflite: tileTflite,
};
