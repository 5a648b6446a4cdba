import { elementCount } from '../../ir/dtype';
import { zeros, type Tensor } from '../../ir/tensor';
import { normalAxis, resultDtype, ShapeError, type OpDefinition } from '../op';
import { concatKernels } from './kernels';
import { concatOnnx } from './onnx';
import { rescaledCodes } from './rescaled-codes';
import { concatTflite } from './tflite';

/** Tensors one after another along an axis. Attribute: axis. All inputs are data. */
export const concat: OpDefinition = {
  name: 'concat',
  label: () => 'Concat',
  quantization: 'rescales',
  infer(node) {
    const types = node.node.inputs.map((_, i) => node.type(i));
    const dtype = resultDtype(node);
    const shapes = types.map((type) => type.shape);
    if (shapes.some((shape) => !shape)) return [{ dtype, shape: undefined }];
    const [first] = shapes as number[][];
    if (!first.length) throw new ShapeError('scalars cannot be joined');
    const axis = normalAxis(node.int('axis'), first.length);
    const shape = [...first];
    for (const other of shapes.slice(1) as number[][]) {
      if (other.length !== first.length) throw new ShapeError('tensors of different rank are joined');
      other.forEach((extent, i) => {
        if (i === axis) shape[i] = shape[i] < 0 || extent < 0 ? -1 : shape[i] + extent;
        else if (shape[i] < 0) shape[i] = extent;
        else if (extent >= 0 && extent !== shape[i]) throw new ShapeError(`${first.join('×')} and ${other.join('×')} cannot be joined along axis ${axis}`);
      });
    }
    return [{ dtype, shape }];
  },
  evaluate(node, inputs) {
    const type = node.outputType();
    const axis = normalAxis(node.int('axis'), type.shape.length);
    const result = zeros(type);
    const row = elementCount(type.shape.slice(axis));
    let offset = 0;
    for (const input of inputs as readonly Tensor[]) {
      const codes = rescaledCodes(node, type, input);
      const length = elementCount(input.type.shape.slice(axis));
      for (let from = 0, to = offset; from < codes.length; from += length, to += row) result.data.set(codes.subarray(from, from + length), to);
      offset += length;
    }
    return [result];
  },
  sinkTranspose: (node, permutation) => ({ axis: permutation[normalAxis(node.int('axis'), permutation.length)] }),
  kernels: concatKernels,
  onnx: concatOnnx,
  tflite: concatTflite,
};
