import type { TfliteMapping } from '../../formats/tflite/mapping';

export const sigmoidTflite: TfliteMapping = {
  import: {
    LOGISTIC: (node) => void node.emit('sigmoid', [node.inputs[0]]),
  },
  export: (_node, writer) => writer.emit('LOGISTIC', writer.inputs, writer.outputs),
};
