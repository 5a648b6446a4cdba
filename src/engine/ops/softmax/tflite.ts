import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const softmaxTflite: TfliteMapping = {
  import: {
    SOFTMAX(node) {
      const beta = node.number('beta');
      node.emit('softmax', [node.inputs[0]], { axis: -1, ...(beta === 1 ? {} : { beta }) });
    },
  },
  export(node, writer) {
    const rank = node.staticType(0).shape.length;
    if (normalAxis(node.int('axis', -1), rank) !== rank - 1) return writer.refuse('an axis that is not the last');
    const fixed = node.outputType().dtype === 'int8' ? { scale: [1 / 256], zeroPoint: [-128] } : undefined;
    writer.emit('SOFTMAX', writer.inputs, [writer.outputIn(fixed)], { beta: node.int('beta', 1) });
  },
};
