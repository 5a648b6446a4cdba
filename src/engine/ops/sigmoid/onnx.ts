import type { OnnxMapping } from '../../formats/onnx/mapping';

export const sigmoidOnnx: OnnxMapping = {
  import: {
    Sigmoid: (node) => void node.emit('sigmoid', [node.inputs[0]]),
  },
  export: (_node, writer) => writer.emit('Sigmoid', writer.inputs, writer.outputs),
};
