import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { TfliteMapping } from '../../formats/tflite/mapping';
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

/** From channels last to the axes here, and back. */
const TO_SECOND = [0, 3, 1, 2];
const TO_LAST = [0, 2, 3, 1];

const tflite: TfliteMapping = {
  import: {
    // Neighbours on each side, and a factor for each of them rather than for their mean.
    LOCAL_RESPONSE_NORMALIZATION(node) {
      node.needReal();
      if (node.shape(0).length !== 4) node.refuse('an image that has not four axes');
      const size = 2 * node.number('radius') + 1;
      const first = node.step('transpose', [node.inputs[0]], { permutation: TO_SECOND });
      const norm = node.step('local_response_norm', [first], { size, alpha: Math.fround(node.number('alpha') * size), beta: node.number('beta'), bias: node.number('bias') });
      node.emit('transpose', [norm], { permutation: TO_LAST });
    },
  },
  export(node, writer) {
    const type = node.staticType(0);
    const size = node.int('size');
    if (type.shape.length !== 4 || size % 2 === 0) return writer.refuse('an even number of neighbours, or an image that has not four axes');
    const [last, norm] = ['channels_last', 'normalized'].map((name) => writer.temporary(name, { ...type, shape: TO_LAST.map((axis) => type.shape[axis]) }));
    const { alpha, beta, bias } = node.attributes as Record<string, number>;
    writer.emit('TRANSPOSE', [writer.inputs[0], writer.numbers('to_last', TO_LAST)], [last]);
    writer.emit('LOCAL_RESPONSE_NORMALIZATION', [last], [norm], { radius: (size - 1) / 2, alpha: alpha / size, beta, bias });
    writer.emit('TRANSPOSE', [norm, writer.numbers('to_second', TO_SECOND)], writer.outputs);
  },
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
  tflite,
};
