import type { OnnxMapping } from '../../formats/onnx/mapping';

export const subOnnx: OnnxMapping = {
  import: {
    Sub(node) {
      if (node.opset < 7 && node.int('broadcast', 0)) return node.refuse('broadcasting of operator set 6');
      node.emit('sub', node.inputs);
    },
  },
  export: (_node, writer) => writer.emit('Sub', writer.inputs, writer.outputs),
};
