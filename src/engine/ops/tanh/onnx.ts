import type { OnnxMapping } from '../../formats/onnx/mapping';

export const tanhOnnx: OnnxMapping = {
  import: {
    Tanh: (node) => void node.emit('tanh', [node.inputs[0]]),
  },
  export: (_node, writer) => writer.emit('Tanh', writer.inputs, writer.outputs),
};
