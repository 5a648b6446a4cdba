import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { normalAxis, ShapeError, withShape, type OpDefinition } from '../op';
import { indexInto } from './indices';
import { gatherKernels } from './kernels';
import { gatherOnnx } from './onnx';
import { gatherTflite } from './tflite';

/** Slices of the first input along `axis`, picked by the second. */
export const gather: OpDefinition = {
  name: 'gather',
  checksData: true,
  label: () => 'Gather',
  infer(node) {
    const type = node.type(0);
    const indices = node.type(1).shape;
    if (!type.shape || !indices) return [{ dtype: type.dtype, shape: undefined }];
    if (!type.shape.length) throw new ShapeError('a scalar has no axis');
    const axis = normalAxis(node.int('axis', 0), type.shape.length);
    return [withShape({ dtype: type.dtype, shape: undefined, quantization: type.quantization?.axis === undefined ? type.quantization : undefined }, [...type.shape.slice(0, axis), ...indices, ...type.shape.slice(axis + 1)])];
  },
  evaluate(node, [data, indices]) {
    const result = zeros(node.outputType());
    const { shape } = data!.type;
    const axis = normalAxis(node.int('axis', 0), shape.length);
    const inner = elementCount(shape.slice(axis + 1));
    const outer = elementCount(shape.slice(0, axis));
    const count = indices!.data.length;
    for (let i = 0; i < count; i++) {
      const at = indexInto(indices!.data[i], shape[axis]);
      for (let o = 0; o < outer; o++) {
        const from = (o * shape[axis] + at) * inner;
        result.data.set(data!.data.subarray(from, from + inner), (o * count + i) * inner);
      }
    }
    return [result];
  },
  kernels: gatherKernels,
  onnx: gatherOnnx,
  tflite: gatherTflite,
};
