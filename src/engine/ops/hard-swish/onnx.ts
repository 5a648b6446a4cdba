import type { OnnxMapping } from '../../formats/onnx/mapping';

export const hardSwishOnnx: OnnxMapping = {
  import: {
    HardSwish: (node) => void node.emit('hard_swish', [node.inputs[0]]),
  },
  export: (_node, writer) => writer.emit('HardSwish', writer.inputs, writer.outputs),
};
