import type { OnnxMapping } from '../../formats/onnx/mapping';
import { importWindow } from '../window';

export const convOnnx: OnnxMapping = {
  import: {
    Conv(node) {
      const weights = node.type(1).shape;
      const image = node.type(0).shape;
      if (!weights || weights.some((d) => d < 0)) return node.refuse('weights of unknown shape');
      if (!image) return node.refuse('an image of unknown rank');
      node.emit('conv', node.inputs, { ...importWindow(node, image.slice(2), weights.slice(2)), group: node.int('group', 1) });
    },
  },
  export(node, writer) {
    const strides = node.ints('strides');
    writer.emit('Conv', writer.inputs, writer.outputs, {
      kernel_shape: node.staticType(1).shape.slice(2),
      strides,
      dilations: node.ints('dilations', strides.map(() => 1)),
      pads: node.ints('pads', [...strides, ...strides].map(() => 0)),
      group: node.int('group', 1),
    });
  },
};
