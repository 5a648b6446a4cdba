import type { OnnxMapping } from '../../formats/onnx/mapping';
import { constantOf, zeros } from '../../ir/tensor';
import { elementwise } from '../coupling';
import type { OpDefinition } from '../op';
import { identityTflite } from './tflite';

/** Nodes that do nothing when a model runs: readers of their output read their input instead. */
const onnx: OnnxMapping = {
  import: {
    Identity: (node) => node.alias(0, node.inputs[0]!),
    Dropout(node) {
      if (node.opset < 7 ? node.int('is_test', 0) === 0 && node.has(1) : node.has(2) && node.integers(2, 'a training mode')[0]) node.refuse('training mode');
      node.alias(0, node.inputs[0]!);
      // Nothing is dropped: the mask is true everywhere.
      if (node.hasOutput(1)) {
        const type = { dtype: 'bool', shape: node.known(0).shape } as const;
        node.claim(type);
        const mask = zeros(type);
        mask.data.fill(1);
        node.result(1, type, constantOf(mask));
      }
    },
  },
  export: (_node, writer) => writer.emit('Identity', writer.inputs, writer.outputs),
};

/** Stays in a graph only where an output is to be told apart from what it repeats. */
export const identity: OpDefinition = {
  name: 'identity',
  label: () => 'Identity',
  quantization: 'keeps',
  isView: true,
  infer: (node) => [node.type(0)],
  evaluate: (_node, [input]) => [input!],
  coupling: elementwise,
  onnx,
  tflite: identityTflite,
};
