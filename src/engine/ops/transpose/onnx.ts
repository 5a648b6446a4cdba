import type { OnnxMapping } from '../../formats/onnx/mapping';

export const transposeOnnx: OnnxMapping = {
  import: {
    Transpose(node) {
      const rank = node.type(0).shape?.length;
      const permutation = node.ints('perm') ?? (rank === undefined ? node.refuse('an input of unknown rank') : Array.from({ length: rank }, (_, i) => rank - 1 - i));
      node.emit('transpose', [node.inputs[0]], { permutation });
    },
  },
  export: (node, writer) => writer.emit('Transpose', writer.inputs, writer.outputs, { perm: node.ints('permutation') }),
};
