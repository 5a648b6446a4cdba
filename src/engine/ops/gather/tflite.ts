import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const gatherTflite: TfliteMapping = {
  import: {
    GATHER(node) {
      if (node.number('batchDims') !== 0) node.refuse('batches in step');
      node.emit('gather', node.inputs.slice(0, 2), { axis: normalAxis(node.number('axis'), node.shape(0).length) });
    },
    EMBEDDING_LOOKUP: (node) => void node.emit('gather', [node.inputs[1], node.inputs[0]], { axis: 0 }),
  },
  export: (node, writer) => writer.emit('GATHER', writer.inputs, writer.outputs, { axis: node.int('axis') }),
};
