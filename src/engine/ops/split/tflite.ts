import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const splitTflite: TfliteMapping = {
  import: {
    SPLIT(node) {
      const shape = node.shape(1);
      const axis = normalAxis(node.known(0, 'axes')[0], shape.length);
      const parts = node.outputTypes.length;
      if (shape[axis] % parts !== 0) node.refuse(`${shape[axis]} elements in ${parts} parts`);
      node.emit('split', [node.inputs[1]], { axis, sizes: node.outputTypes.map(() => shape[axis] / parts) });
    },
    SPLIT_V(node) {
      const shape = node.shape(0);
      const given = node.known(1, 'sizes');
      const axis = normalAxis(node.known(2, 'axes')[0], shape.length);
      const rest = shape[axis] - given.filter((size) => size >= 0).reduce((a, b) => a + b, 0);
      node.emit('split', [node.inputs[0]], { axis, sizes: given.map((size) => (size < 0 ? rest : size)) });
    },
  },
  export(node, writer) {
    const sizes = node.ints('sizes');
    const axis = writer.numbers('axis', [node.int('axis')]);
    writer.emit('SPLIT_V', [writer.inputs[0], writer.numbers('sizes', sizes), axis], writer.outputs, { numSplits: sizes.length });
  },
};
