import type { OnnxMapping } from '../../formats/onnx/mapping';

export const leakyReluOnnx: OnnxMapping = {
  import: {
    LeakyRelu: (node) => void node.emit('leaky_relu', [node.inputs[0]], { alpha: node.float('alpha', 0.01) }),
  },
  export: (node, writer) => writer.emit('LeakyRelu', writer.inputs, writer.outputs, { alpha: { float: node.int('alpha') } }),
};
