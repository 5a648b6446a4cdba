import type { TfliteMapping } from '../../formats/tflite/mapping';
import { zeros } from '../../ir/tensor';

/** TFLite scatters into zeros; what falls on the same place is added. */
export const scatterNdTflite: TfliteMapping = {
  import: {
    SCATTER_ND(node) {
      node.needReal();
      const shape = node.known(2, 'extents');
      const empty = node.step('expand', [node.addConstant('zero', zeros({ dtype: node.type(1).dtype, shape: [] }))], { shape });
      node.emit('scatter_nd', [empty, node.inputs[0], node.inputs[1]], { reduction: 'add' });
    },
  },
  export(node, writer) {
    const data = node.constant(0);
    if (node.text('reduction') !== 'add' || !data?.data.every((x) => x === 0)) return writer.refuse('other data than zeros, or updates that replace');
    writer.emit('SCATTER_ND', [writer.inputs[1], writer.inputs[2], writer.numbers('shape', data.type.shape)], writer.outputs);
  },
};
