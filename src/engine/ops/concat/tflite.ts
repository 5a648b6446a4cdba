import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const concatTflite: TfliteMapping = {
  import: {
    CONCATENATION(node) {
      const rank = node.type(0).shape?.length ?? node.refuse('inputs of unknown rank');
      node.emitActivated('concat', node.inputs, { axis: normalAxis(node.number('axis'), rank) });
    },
  },
  export(node, writer) {
    // Kernels copy codes as they are.
    const { quantization, dtype } = node.outputType();
    const inputs = writer.inputs.map((_, i) => writer.inputIn(i, dtype === 'uint8' ? undefined : quantization));
    writer.emit('CONCATENATION', inputs, writer.outputs, { axis: node.int('axis') });
  },
};
