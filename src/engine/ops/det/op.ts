import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { ShapeError, type OpDefinition } from '../op';

const onnx: OnnxMapping = {
  import: { Det: (node) => void node.emit('det', node.inputs) },
  export: (_node, writer) => writer.emit('Det', writer.inputs, writer.outputs),
};

/** Determinant of square matrices in the last two axes. */
export const det: OpDefinition = {
  name: 'det',
  label: () => 'Det',
  infer(node) {
    const { dtype, shape } = node.type(0);
    if (shape && (shape.length < 2 || shape[shape.length - 1] !== shape[shape.length - 2])) throw new ShapeError(`${shape.join('×')} is not square`);
    return [{ dtype, shape: shape?.slice(0, -2) }];
  },
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const size = input!.type.shape[input!.type.shape.length - 1];
    for (let n = 0; n < result.data.length; n++) result.data[n] = determinant(Float64Array.from(input!.data.subarray(n * size * size, (n + 1) * size * size)), size);
    return [result];
  },
  onnx,
};

/** Gaussian elimination with partial pivoting; changes the matrix. */
function determinant(matrix: Float64Array, size: number): number {
  let product = 1;
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let row = k + 1; row < size; row++) if (Math.abs(matrix[row * size + k]) > Math.abs(matrix[pivot * size + k])) pivot = row;
    if (matrix[pivot * size + k] === 0) return 0;
    if (pivot !== k) {
      product = -product;
      for (let c = 0; c < size; c++) [matrix[k * size + c], matrix[pivot * size + c]] = [matrix[pivot * size + c], matrix[k * size + c]];
    }
    product *= matrix[k * size + k];
    for (let row = k + 1; row < size; row++) {
      const factor = matrix[row * size + k] / matrix[k * size + k];
      for (let c = k; c < size; c++) matrix[row * size + c] -= factor * matrix[k * size + c];
    }
  }
  return product;
}
