import { zeros } from '../../ir/tensor';
import { acrossAxes } from '../coupling';
import type { OpDefinition } from '../op';
import { rowKernel } from '../row-kernel';
import { forEachRow, rowsAlong, rowwiseInfer } from '../rows';
import { rowwiseOnnx } from '../softmax/rowwise-onnx';
import { normalAxis } from '../op';
import { logSoftmaxTflite } from './tflite';

/** x - log of the sum of exp(x) over one axis. Attribute: axis. */
export const logSoftmax: OpDefinition = {
  name: 'log_softmax',
  label: () => 'LogSoftmax',
  infer: (node) => rowwiseInfer(node, node.int('axis')),
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const rows = rowsAlong(input!.type.shape, node.int('axis'));
    forEachRow(rows, (start) => {
      let largest = -Infinity;
      for (let i = 0; i < rows.depth; i++) largest = Math.max(largest, input!.data[start + i * rows.inner]);
      let sum = 0;
      for (let i = 0; i < rows.depth; i++) sum += Math.exp(input!.data[start + i * rows.inner] - largest);
      for (let i = 0; i < rows.depth; i++) result.data[start + i * rows.inner] = input!.data[start + i * rows.inner] - largest - Math.log(sum);
    });
    return [result];
  },
  sinkTranspose: (node, permutation) => ({ axis: permutation[normalAxis(node.int('axis'), permutation.length)] }),
  kernels: [rowKernel(() => 'tml_log_softmax_f32', 150)],
  coupling: acrossAxes((node) => [normalAxis(node.int('axis'), node.staticType(0).shape.length)]),
  onnx: rowwiseOnnx('LogSoftmax', 'log_softmax'),
  tflite: logSoftmaxTflite,
};
