import type { TfliteMapping } from '../../formats/tflite/mapping';

export const tileTflite: TfliteMapping = {
  import: {
    TILE: (node) => void node.emit('tile', [node.inputs[0]], { repeats: node.known(1, 'repeats') }),
  },
  export: (node, writer) => writer.emit('TILE', [writer.inputs[0], writer.numbers('repeats', node.ints('repeats'))], writer.outputs),
};
