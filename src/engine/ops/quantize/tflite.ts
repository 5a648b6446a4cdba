import type { TfliteMapping } from '../../formats/tflite/mapping';

export const quantizeTflite: TfliteMapping = {
  import: {
    QUANTIZE(node) {
      if (!node.outputTypes[0].quantization) return node.refuse('a result without scale');
      node.emit('quantize', [node.inputs[0]]);
    },
  },
  export: (_node, writer) => writer.emit('QUANTIZE', writer.inputs, writer.outputs),
};
