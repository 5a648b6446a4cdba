import type { TfliteMapping } from '../../formats/tflite/mapping';

export const preluTflite: TfliteMapping = {
  import: {
    PRELU: (node) => void node.emit('prelu', node.inputs),
  },
  export: (_node, writer) => writer.emit('PRELU', writer.inputs, writer.outputs),
};
