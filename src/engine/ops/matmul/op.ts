import { elementCount } from '../../ir/dtype';
import { zeros } from '../../ir/tensor';
import { broadcastOffsets, broadcastShape } from '../broadcast';
import { input, joinRange, output } from '../coupling';
import { ShapeError, type NodeView, type OpDefinition } from '../op';
import { matmulKernels } from './kernels';
import { matmulOnnx } from './onnx';
import { asMatrix } from './shapes';
import { matmulTflite } from './tflite';

/** Matrix product by NumPy's rule: leading axes are batches and broadcast; a vector is a row on the left, a column on the right. */
export const matmul: OpDefinition = {
  name: 'matmul',
  label: () => 'MatMul',
  family: 'dense',
  infer(node) {
    const [a, b] = [node.type(0).shape, node.type(1).shape];
    return [{ dtype: node.type(0).dtype, shape: a && b && productShape(a, b) }];
  },
  macs: (node) => elementCount(node.outputType().shape) * depthOf(node),
  evaluate(node, [a, b]) {
    const result = zeros(node.outputType());
    const left = asMatrix(a!.type.shape, 'row');
    const right = asMatrix(b!.type.shape, 'column');
    const [rows, depth] = left.slice(-2);
    const columns = right[right.length - 1];
    const batch = broadcastShape(left.slice(0, -2), right.slice(0, -2));
    const [atA, atB] = [broadcastOffsets(left.slice(0, -2), batch), broadcastOffsets(right.slice(0, -2), batch)];
    const sums = new Float64Array(columns);
    for (let n = 0; n < atA.length; n++) {
      for (let row = 0; row < rows; row++) {
        sums.fill(0);
        const from = (atA[n] * rows + row) * depth;
        for (let k = 0; k < depth; k++) {
          const x = a!.data[from + k];
          const across = (atB[n] * depth + k) * columns;
          for (let c = 0; c < columns; c++) sums[c] += x * b!.data[across + c];
        }
        result.data.set(sums, (n * rows + row) * columns);
      }
    }
    return [result];
  },
  kernels: matmulKernels,
  coupling: {
    join(node, entries) {
      const [a, b] = [node.staticType(0).shape, node.staticType(1).shape];
      const { shape } = node.outputType();
      if (a.length < 2 || b.length < 2) return;
      joinRange(entries, input(0, a.length - 1), input(1, b.length - 2), a[a.length - 1]);
      joinRange(entries, input(0, a.length - 2), output(shape.length - 2), a[a.length - 2]);
      joinRange(entries, input(1, b.length - 1), output(shape.length - 1), b[b.length - 1]);
      [a, b].forEach((own, index) => own.slice(0, -2).forEach((extent, axis) => {
        const to = axis + shape.length - own.length;
        if (extent === shape[to]) joinRange(entries, input(index, axis), output(to), extent);
      }));
    },
  },
  onnx: matmulOnnx,
  tflite: matmulTflite,
};

function productShape(a: readonly number[], b: readonly number[]): number[] {
  if (!a.length || !b.length) throw new ShapeError('a scalar is no matrix');
  const [left, right] = [asMatrix(a, 'row'), asMatrix(b, 'column')];
  const [depth, other] = [left[left.length - 1], right[right.length - 2]];
  if (depth !== other && depth >= 0 && other >= 0) throw new ShapeError(`${a.join('×')} and ${b.join('×')} do not multiply`);
  const batch = broadcastShape(left.slice(0, -2), right.slice(0, -2));
  return [...batch, ...(a.length > 1 ? [left[left.length - 2]] : []), ...(b.length > 1 ? [right[right.length - 1]] : [])];
}

function depthOf(node: NodeView): number {
  const { shape } = node.staticType(0);
  return shape[shape.length - 1];
}
