import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const logSoftmaxTflite: TfliteMapping = {
  import: {
    LOG_SOFTMAX(node) {
      node.needReal();
      node.emit('log_softmax', [node.inputs[0]], { axis: -1 });
    },
  },
  export(node, writer) {
    const rank = node.staticType(0).shape.length;
    if (node.type(0).quantization || normalAxis(node.int('axis'), rank) !== rank - 1) return writer.refuse('codes, or an axis that is not the last');
    writer.emit('LOG_SOFTMAX', writer.inputs, writer.outputs);
  },
};
