import type { TfliteMapping } from '../../formats/tflite/mapping';

export const gatherTflite: TfliteMapping = {
  import: {
    GATHER(node) {
      if (node.number('batchDims')) return node.refuse('batch dimensions');
      node.emit('gather', node.inputs, { axis: node.number('axis') });
    },
  },
  export: (node, writer) => writer.emit('GATHER', writer.inputs, writer.outputs, { axis: node.int('axis', 0) }),
};

export const gatherNdTflite: TfliteMapping = { import: { GATHER_ND: (node) => void node.emit('gather_nd', node.inputs, { batchDims: 0 }) } };
