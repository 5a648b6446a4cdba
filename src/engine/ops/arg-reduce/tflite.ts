import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

/** Places as int64, or as int32 by a cast behind. */
export const argReduceTflite = (operator: string, name: string): TfliteMapping => ({
  import: {
    [operator](node) {
      const attributes = { axis: normalAxis(node.known(1, 'axes')[0], node.shape(0).length), keepAxis: false, selectLast: false };
      const { dtype } = node.outputTypes[0];
      if (dtype === 'int64') return void node.emit(name, [node.inputs[0]], attributes);
      node.emit('cast', [node.step(name, [node.inputs[0]], attributes)], { to: dtype });
    },
  },
  export(node, writer) {
    if (node.flag('keepAxis') || node.flag('selectLast')) return writer.refuse('a kept axis, or the last of equal elements');
    writer.emit(operator, [writer.inputs[0], writer.numbers('axis', [node.int('axis', 0)])], writer.outputs, { outputType: INT64 });
  },
});

/** Source: schema.fbs, TensorType. */
const INT64 = 4;
