import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { OpDefinition } from '../op';
import { forEachRow, rowsAlong } from '../rows';

const floats = (node: { attributes: Readonly<Record<string, unknown>> }, names: readonly string[]): Record<string, { float: number }> =>
  Object.fromEntries(names.map((name) => [name, { float: node.attributes[name] as number }]));

const onnx: OnnxMapping = {
  import: {
    LRN: (node) => void node.emit('local_response_norm', node.inputs, { size: node.int('size', 1), alpha: node.float('alpha', 1e-4), beta: node.float('beta', 0.75), bias: node.float('bias', 1) }),
  },
  export: (node, writer) => writer.emit('LRN', writer.inputs, writer.outputs, { size: node.int('size'), ...floats(node, ['alpha', 'beta', 'bias']) }),
};

/** x / (bias + alpha / size * sum of squares of `size` neighbouring channels)^beta. Axes batch, channels, rest. */
export const localResponseNorm: OpDefinition = {
  name: 'local_response_norm',
  label: () => 'LRN',
  infer: (node) => [{ dtype: node.type(0).dtype, shape: node.type(0).shape }],
  evaluate(node, [input]) {
    const result = zeros(node.outputType());
    const rows = rowsAlong(input!.type.shape, 1);
    const size = node.int('size');
    const { alpha, beta, bias } = node.attributes as Record<string, number>;
    const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
    forEachRow(rows, (start) => {
      for (let c = 0; c < rows.depth; c++) {
        let sum = 0;
        for (let k = Math.max(0, c - before); k <= Math.min(rows.depth - 1, c + after); k++) sum += input!.data[start + k * rows.inner] ** 2;
        result.data[start + c * rows.inner] = input!.data[start + c * rows.inner] / (bias + (alpha / size) * sum) ** beta;
      }
    });
    return [result];
  },
  onnx,
};
