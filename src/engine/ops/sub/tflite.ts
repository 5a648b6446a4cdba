import type { TfliteMapping } from '../../formats/tflite/mapping';

export const subTflite: TfliteMapping = {
  import: {
    SUB: (node) => node.emitActivated('sub', node.inputs),
  },
  export: (_node, writer) => writer.emit('SUB', writer.inputs, writer.outputs, { fusedActivationFunction: writer.activation() }),
};
