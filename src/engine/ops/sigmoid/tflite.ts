import type { TfliteMapping } from '../../formats/tflite/mapping';

export const sigmoidTflite: TfliteMapping = {
  import: {
    LOGISTIC: (node) => void node.emit('sigmoid', [node.inputs[0]]),
  },
  export(node, writer) {
    // The only scale that kernels know.
    const fixed = node.outputType().dtype === 'int8' ? { scale: [1 / 256], zeroPoint: [-128] } : undefined;
    writer.emit('LOGISTIC', writer.inputs, [writer.outputIn(fixed)]);
  },
};
