import type { TfliteMapping } from '../../formats/tflite/mapping';

export const mulTflite: TfliteMapping = {
  import: {
    MUL: (node) => node.emitActivated('mul', node.inputs),
  },
  export: (_node, writer) => writer.emit('MUL', writer.inputs, writer.outputs, { fusedActivationFunction: writer.activation() }),
};
