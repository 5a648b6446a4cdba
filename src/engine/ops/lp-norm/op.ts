import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { OpDefinition } from '../op';
import { rowKernel } from '../row-kernel';
import { forEachRow, rowsAlong, rowwiseInfer } from '../rows';

const onnx: OnnxMapping = {
  import: {
    LpNormalization(node) {
      const order = node.int('p', 2);
      if (order !== 1 && order !== 2) node.refuse(`a norm of order ${order}`);
      node.emit('lp_norm', node.inputs, { axis: node.int('axis', -1), order });
    },
  },
  export: (node, writer) => writer.emit('LpNormalization', writer.inputs, writer.outputs, { axis: node.int('axis'), p: node.int('order') }),
};

/** Rows divided by their length; rows of zeros become NaN. Attributes: axis, order (1 or 2). */
export const lpNorm: OpDefinition = {
  name: 'lp_norm',
  label: (node) => `L${node.int('order')}Norm`,
  infer: (node) => rowwiseInfer(node, node.int('axis')),
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const rows = rowsAlong(input!.type.shape, node.int('axis'));
    const order = node.int('order');
    forEachRow(rows, (start) => {
      let sum = 0;
      for (let i = 0; i < rows.depth; i++) sum += Math.abs(input!.data[start + i * rows.inner]) ** order;
      const length = sum ** (1 / order);
      for (let i = 0; i < rows.depth; i++) result.data[start + i * rows.inner] = input!.data[start + i * rows.inner] / length;
    });
    return [result];
  },
  kernels: [rowKernel((node) => `tml_l${node.int('order')}_norm_f32`, 110)],
  onnx,
};
