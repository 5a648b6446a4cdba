import type { TfliteMapping } from '../../formats/tflite/mapping';

export const expandTflite: TfliteMapping = {
  import: {
    BROADCAST_TO: (node) => void node.emit('expand', [node.inputs[0]], { shape: node.known(1, 'extents') }),
  },
  export: (node, writer) => writer.emit('BROADCAST_TO', [writer.inputs[0], writer.numbers('shape', node.ints('shape'))], writer.outputs),
};
