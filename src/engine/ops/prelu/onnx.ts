import type { OnnxMapping } from '../../formats/onnx/mapping';

export const preluOnnx: OnnxMapping = {
  import: {
    PRelu: (node) => void node.emit('prelu', [node.inputs[0], node.inputs[1]]),
  },
  export: (_node, writer) => writer.emit('PRelu', writer.inputs, writer.outputs),
};
