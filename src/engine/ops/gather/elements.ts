import { zeros } from '../../ir/tensor';
import { normalAxis, ShapeError, type OpDefinition } from '../op';
import { forEachPosition, indexInto, rowStrides } from './indices';
import { gatherElementsOnnx } from './onnx';

/** One element for each index: where the index stands, except along `axis`. */
export const gatherElements: OpDefinition = {
  name: 'gather_elements',
  checksData: true,
  label: () => 'GatherElements',
  infer(node) {
    const [data, indices] = [node.type(0), node.type(1)];
    if (data.shape && indices.shape && data.shape.length !== indices.shape.length) throw new ShapeError('data and indices have different ranks');
    return [{ dtype: data.dtype, shape: indices.shape }];
  },
  evaluate(node, [data, indices]) {
    const result = zeros(node.outputType());
    const { shape } = data!.type;
    const axis = normalAxis(node.int('axis', 0), shape.length);
    const strides = rowStrides(shape);
    forEachPosition(indices!.type.shape, (position, i) => {
      let at = indexInto(indices!.data[i], shape[axis]) * strides[axis];
      for (let a = 0; a < shape.length; a++) if (a !== axis) at += position[a] * strides[a];
      result.data[i] = data!.data[at];
    });
    return [result];
  },
  onnx: gatherElementsOnnx,
};
