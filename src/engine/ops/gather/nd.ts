import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { ShapeError, type OpDefinition } from '../op';
import { indexInto, rowStrides } from './indices';
import { gatherNdOnnx } from './onnx';
import { gatherNdTflite } from './tflite';

/** Slices picked by whole coordinates: the last axis of the indices holds one each. Attribute: batchDims, leading axes in step. */
export const gatherNd: OpDefinition = {
  name: 'gather_nd',
  checksData: true,
  label: () => 'GatherND',
  infer(node) {
    const { dtype, shape } = node.type(0);
    const indices = node.type(1).shape;
    if (!shape || !indices) return [{ dtype, shape: undefined }];
    const depth = indices[indices.length - 1];
    const batch = node.int('batchDims', 0);
    if (!(depth >= 1) || batch + depth > shape.length) throw new ShapeError(`coordinates of ${depth} axes for ${shape.length}`);
    return [{ dtype, shape: [...indices.slice(0, -1), ...shape.slice(batch + depth)] }];
  },
  evaluate(node, [data, indices]) {
    const result = zeros(node.outputType());
    const { shape } = data!.type;
    const at = indices!.type.shape;
    const depth = at[at.length - 1];
    const batch = node.int('batchDims', 0);
    const strides = rowStrides(shape);
    const inner = elementCount(shape.slice(batch + depth));
    const rows = elementCount(at.slice(0, -1));
    const rowsPerBatch = rows / Math.max(1, elementCount(at.slice(0, batch)));
    const batchStride = elementCount(shape.slice(batch));
    for (let row = 0; row < rows; row++) {
      let from = Math.floor(row / rowsPerBatch) * batchStride;
      for (let k = 0; k < depth; k++) from += indexInto(indices!.data[row * depth + k], shape[batch + k]) * strides[batch + k];
      result.data.set(data!.data.subarray(from, from + inner), row * inner);
    }
    return [result];
  },
  onnx: gatherNdOnnx,
  tflite: gatherNdTflite,
};
