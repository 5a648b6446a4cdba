import type { TfliteMapping } from '../../formats/tflite/mapping';

export const leakyReluTflite: TfliteMapping = {
  import: {
    LEAKY_RELU: (node) => void node.emit('leaky_relu', [node.inputs[0]], { alpha: node.number('alpha') }),
  },
  export: (node, writer) => writer.emit('LEAKY_RELU', writer.inputs, writer.outputs, { alpha: node.int('alpha') }),
};
