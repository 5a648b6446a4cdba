import type { TfliteMapping } from '../../formats/tflite/mapping';

export const hardSwishTflite: TfliteMapping = {
  import: {
    HARD_SWISH: (node) => void node.emit('hard_swish', [node.inputs[0]]),
  },
  export: (_node, writer) => writer.emit('HARD_SWISH', writer.inputs, writer.outputs),
};
