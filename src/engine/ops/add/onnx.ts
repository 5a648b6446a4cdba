import type { OnnxMapping } from '../../formats/onnx/mapping';

export const addOnnx: OnnxMapping = {
  import: {
    Add(node) {
      if (node.opset < 7 && node.int('broadcast', 0)) return node.refuse('broadcasting of operator set 6');
      node.emit('add', node.inputs);
    },
  },
  export: (_node, writer) => writer.emit('Add', writer.inputs, writer.outputs),
};
