import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { OpDefinition } from '../op';
import { identityTflite } from './tflite';

/** Nodes that do nothing when a model runs: readers of their output read their input instead. */
const onnx: OnnxMapping = {
  import: {
    Identity: (node) => node.alias(0, node.inputs[0]!),
    Dropout(node) {
      if (node.outputCount > 1) return node.refuse('the mask of the dropped elements');
      node.alias(0, node.inputs[0]!);
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
  onnx,
  tflite: identityTflite,
};
