import type { TfliteMapping } from '../../formats/tflite/mapping';

export const tanhTflite: TfliteMapping = {
  import: {
    TANH: (node) => void node.emit('tanh', [node.inputs[0]]),
  },
  export(node, writer) {
    // The only scale that kernels know.
    const fixed = node.outputType().dtype === 'int8' ? { scale: [1 / 128], zeroPoint: [0] } : undefined;
    writer.emit('TANH', writer.inputs, [writer.outputIn(fixed)]);
  },
};
