import { zeros, type Tensor } from '../../ir/tensor';
import { input, joinRange, output } from '../coupling';
import { ShapeError, withShape, type OpDefinition } from '../op';
import { transposeKernels } from './kernels';
import { transposeOnnx } from './onnx';
import { transposeTflite } from './tflite';
import { transposeGradient } from '../moving-gradients';

/** Axes in another order: output axis i is input axis permutation[i]. */
export const transpose: OpDefinition = {
  name: 'transpose',
  label: (node) => `Transpose ${node.ints('permutation').join('')}`,
  quantization: 'keeps',
  onlyMoves: true,
  infer(node) {
    const type = node.type(0);
    const permutation = node.ints('permutation');
    if (!type.shape) return [type];
    const { shape } = type;
    if (permutation.length !== shape.length || new Set(permutation).size !== shape.length || permutation.some((axis) => !(axis >= 0 && axis < shape.length))) {
      throw new ShapeError(`[${permutation.join(', ')}] is no order of ${shape.length} axes`);
    }
    const { axis, block } = type.quantization ?? {};
    const turned = block && { block: { ...block, axis: permutation.indexOf(block.axis) } };
    const quantization = axis === undefined ? type.quantization : { ...type.quantization!, axis: permutation.indexOf(axis), ...turned };
    return [{ ...withShape(type, permutation.map((axis) => shape[axis])), quantization }];
  },
  evaluate: (node, [input]) => [transposed(input!, node.ints('permutation'), node.outputType().quantization)],
  kernels: transposeKernels,
  coupling: {
    join: (node, entries) => node.ints('permutation').forEach((from, to) => joinRange(entries, input(0, from), output(to), node.staticType(0).shape[from])),
  },
  gradient: transposeGradient,
  onnx: transposeOnnx,
  tflite: transposeTflite,
};

export function transposed(input: Tensor, permutation: readonly number[], quantization = input.type.quantization): Tensor {
  const from = input.type.shape;
  const shape = permutation.map((axis) => from[axis]);
  const result = zeros({ ...input.type, shape, quantization });
  const strides = permutation.map((axis) => from.slice(axis + 1).reduce((a, b) => a * b, 1));
  const position = shape.map(() => 0);
  for (let i = 0, at = 0; i < result.data.length; i++) {
    result.data[i] = input.data[at];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis];
      if (++position[axis] < shape[axis]) break;
      at -= strides[axis] * shape[axis];
      position[axis] = 0;
    }
  }
  return result;
}
