import type { TfliteMapping } from '../../formats/tflite/mapping';

export const transposeTflite: TfliteMapping = {
  import: {
    TRANSPOSE: (node) => void node.emit('transpose', [node.inputs[0]], { permutation: node.known(1, 'axes') }),
  },
  export(node, writer) {
    writer.emit('TRANSPOSE', [writer.inputs[0], writer.numbers('permutation', node.ints('permutation'))], writer.outputs);
  },
};
