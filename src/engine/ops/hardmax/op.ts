import { zeros } from '../../ir/tensor';
import { normalAxis, type OpDefinition } from '../op';
import { rowKernel } from '../row-kernel';
import { forEachRow, rowsAlong, rowwiseInfer } from '../rows';
import { rowwiseOnnx } from '../softmax/rowwise-onnx';

/** 1 at the first largest element along an axis, 0 elsewhere. Attribute: axis. */
export const hardmax: OpDefinition = {
  name: 'hardmax',
  label: () => 'Hardmax',
  infer: (node) => rowwiseInfer(node, node.int('axis')),
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const rows = rowsAlong(input!.type.shape, node.int('axis'));
    forEachRow(rows, (start) => {
      let best = 0;
      for (let i = 1; i < rows.depth; i++) if (input!.data[start + i * rows.inner] > input!.data[start + best * rows.inner]) best = i;
      if (rows.depth) result.data[start + best * rows.inner] = 1;
    });
    return [result];
  },
  sinkTranspose: (node, permutation) => ({ axis: permutation[normalAxis(node.int('axis'), permutation.length)] }),
  kernels: [rowKernel(() => 'tml_hardmax_f32', 90)],
  onnx: rowwiseOnnx('Hardmax', 'hardmax'),
};
