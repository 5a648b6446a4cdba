import type { TfliteMapping } from '../../formats/tflite/mapping';

export const dequantizeTflite: TfliteMapping = {
  import: {
    DEQUANTIZE(node) {
      const { dtype, quantization } = node.type(0);
      // Weights in half precision are numbers already: their readers widen them.
      if ((dtype === 'float16' || dtype === 'bfloat16') && node.constant(0)) return node.alias(0, node.inputs[0]!);
      if (!quantization) return node.refuse(`${dtype} without scale`);
      node.emit('dequantize', [node.inputs[0]]);
    },
  },
  export: (_node, writer) => writer.emit('DEQUANTIZE', writer.inputs, writer.outputs),
};
