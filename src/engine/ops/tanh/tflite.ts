import type { TfliteMapping } from '../../formats/tflite/mapping';

export const tanhTflite: TfliteMapping = {
  import: {
    TANH: (node) => void node.emit('tanh', [node.inputs[0]]),
  },
  export: (_node, writer) => writer.emit('TANH', writer.inputs, writer.outputs),
};
