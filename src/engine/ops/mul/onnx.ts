import type { OnnxMapping } from '../../formats/onnx/mapping';

export const mulOnnx: OnnxMapping = {
  import: {
    Mul(node) {
      if (node.opset < 7 && node.int('broadcast', 0)) return node.refuse('broadcasting of operator set 6');
      node.emit('mul', node.inputs);
    },
  },
  export: (_node, writer) => writer.emit('Mul', writer.inputs, writer.outputs),
};
