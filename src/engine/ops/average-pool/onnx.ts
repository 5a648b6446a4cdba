import type { OnnxMapping } from '../../formats/onnx/mapping';
import { exportPool, importPool } from '../pool';

export const averagePoolOnnx: OnnxMapping = {
  import: {
    AveragePool(node) {
      node.emit('average_pool', [node.inputs[0]], { ...importPool(node), countPadding: node.int('count_include_pad', 0) === 1 });
    },
    GlobalAveragePool(node) {
      const { shape } = node.type(0);
      if (!shape || shape.slice(2).some((d) => d < 0)) return node.refuse('an image of unknown size');
      const kernel = shape.slice(2);
      node.emit('average_pool', [node.inputs[0]], { layout: 'nchw', kernel, strides: kernel.map(() => 1) });
    },
  },
  export(node, writer) {
    if (node.flag('countPadding')) writer.emit('AveragePool', writer.inputs, writer.outputs, { ...exportPool(node), count_include_pad: 1 });
    else writer.emit('AveragePool', writer.inputs, writer.outputs, exportPool(node));
  },
};
