import { elementCount } from '../../ir/dtype';
import { tensorOf } from '../../ir/tensor';
import { forEachPosition, indexInto, rowStrides } from '../gather/indices';
import { normalAxis, ShapeError, type OpDefinition } from '../op';
import { scatterElementsOnnx, scatterNdOnnx } from './onnx';
import { reductions } from './reduction';
import { scatterNdTflite } from './tflite';

/** Data with single elements replaced or updated. Inputs: data, indices, updates. Attributes: axis, reduction. */
export const scatterElements: OpDefinition = {
  name: 'scatter_elements',
  needs: 3,
  checksData: true,
  label: () => 'ScatterElements',
  infer: (node) => [{ dtype: node.type(0).dtype, shape: node.type(0).shape }],
  evaluate(node, [data, indices, updates]) {
    const result = tensorOf(node.outputType(), data!.data);
    const { shape } = data!.type;
    const axis = normalAxis(node.int('axis', 0), shape.length);
    const strides = rowStrides(shape);
    const update = reductions[node.text('reduction')];
    if (indices!.type.shape.length !== shape.length) throw new ShapeError('data and indices have different ranks');
    forEachPosition(indices!.type.shape, (position, i) => {
      let at = indexInto(indices!.data[i], shape[axis]) * strides[axis];
      for (let a = 0; a < shape.length; a++) if (a !== axis) at += position[a] * strides[a];
      result.data[at] = update(result.data[at], updates!.data[i]);
    });
    return [result];
  },
  onnx: scatterElementsOnnx,
};

/** Data with slices replaced or updated, at the coordinates in the last axis of the indices. Attribute: reduction. */
export const scatterNd: OpDefinition = {
  name: 'scatter_nd',
  needs: 3,
  checksData: true,
  label: () => 'ScatterND',
  infer: (node) => [{ dtype: node.type(0).dtype, shape: node.type(0).shape }],
  evaluate(node, [data, indices, updates]) {
    const result = tensorOf(node.outputType(), data!.data);
    const { shape } = data!.type;
    const at = indices!.type.shape;
    const depth = at[at.length - 1];
    if (depth > shape.length) throw new ShapeError(`coordinates of ${depth} axes for ${shape.length}`);
    const strides = rowStrides(shape);
    const inner = elementCount(shape.slice(depth));
    const update = reductions[node.text('reduction')];
    for (let row = 0; row < elementCount(at.slice(0, -1)); row++) {
      let to = 0;
      for (let k = 0; k < depth; k++) to += indexInto(indices!.data[row * depth + k], shape[k]) * strides[k];
      for (let j = 0; j < inner; j++) result.data[to + j] = update(result.data[to + j], updates!.data[row * inner + j]);
    }
    return [result];
  },
  onnx: scatterNdOnnx,
  tflite: scatterNdTflite,
};
