import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const concatTflite: TfliteMapping = {
  import: {
    CONCATENATION(node) {
      const rank = node.type(0).shape?.length ?? node.refuse('inputs of unknown rank');
      node.emitActivated('concat', node.inputs, { axis: normalAxis(node.number('axis'), rank) });
    },
  },
  export: (node, writer) => writer.emit('CONCATENATION', writer.inputs, writer.outputs, { axis: node.int('axis') }),
};
