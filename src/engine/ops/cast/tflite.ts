import type { TfliteMapping } from '../../formats/tflite/mapping';

export const castTflite: TfliteMapping = {
  import: {
    CAST: (node) => void node.emit('cast', [node.inputs[0]], { to: node.outputTypes[0].dtype }),
  },
  export: (_node, writer) => writer.emit('CAST', writer.inputs, writer.outputs),
};
