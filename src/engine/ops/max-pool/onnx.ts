import type { OnnxMapping } from '../../formats/onnx/mapping';
import { exportPool, importPool } from '../pool';

export const maxPoolOnnx: OnnxMapping = {
  import: {
    MaxPool(node) {
      if (node.outputCount > 1) return node.refuse('the indices of the maxima');
      node.emit('max_pool', [node.inputs[0]], importPool(node));
    },
  },
  export: (node, writer) => writer.emit('MaxPool', writer.inputs, writer.outputs, { ...exportPool(node), dilations: node.ints('dilations', node.ints('kernel').map(() => 1)) }),
};
