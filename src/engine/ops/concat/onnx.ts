import type { OnnxMapping } from '../../formats/onnx/mapping';

export const concatOnnx: OnnxMapping = {
  import: {
    Concat: (node) => void node.emit('concat', node.inputs, { axis: node.int('axis', 1) }),
  },
  export: (node, writer) => writer.emit('Concat', writer.inputs, writer.outputs, { axis: node.int('axis') }),
};
