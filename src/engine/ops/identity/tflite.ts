import type { TfliteMapping } from '../../formats/tflite/mapping';

/** A copy is a reshape to the shape that is there. */
export const identityTflite: TfliteMapping = {
  import: {},
  export(node, writer) {
    const { shape } = node.outputType();
    writer.emit('RESHAPE', [writer.inputs[0], writer.numbers('shape', shape)], writer.outputs, { newShape: shape });
  },
};
