import type { TfliteMapping } from '../../formats/tflite/mapping';

export const addTflite: TfliteMapping = {
  import: {
    ADD: (node) => node.emitActivated('add', node.inputs),
  },
  export: (_node, writer) => writer.emit('ADD', writer.inputs, writer.outputs, { fusedActivationFunction: writer.activation() }),
};
