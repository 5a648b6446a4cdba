import type { OnnxMapping } from '../../formats/onnx/mapping';
import type { NodeView } from '../op';
import { exportPool, importPool } from '../pool';

const isDilated = (node: NodeView): boolean => node.ints('dilations', []).some((d) => d !== 1);

export const averagePoolOnnx: OnnxMapping = {
  import: {
    AveragePool(node) {
      node.emit('average_pool', [node.inputs[0]], { ...importPool(node), countPadding: node.int('count_include_pad', 0) === 1 });
    },
    GlobalAveragePool(node) {
      const { shape } = node.type(0);
      if (!shape || shape.slice(2).some((d) => d < 0)) return node.refuse('an image of unknown size');
      const kernel = shape.slice(2);
      node.emit('average_pool', [node.inputs[0]], { layout: 'nchw', kernel, strides: kernel.map(() => 1), dilations: kernel.map(() => 1), pads: [...kernel, ...kernel].map(() => 0), ceilMode: false, countPadding: false });
    },
  },
  since: (node) => (isDilated(node) ? 19 : 0),
  export(node, writer) {
    const dilations = isDilated(node) ? node.ints('dilations') : undefined;
    writer.emit('AveragePool', writer.inputs, writer.outputs, { ...exportPool(node), dilations, count_include_pad: node.flag('countPadding') ? 1 : undefined });
  },
};
