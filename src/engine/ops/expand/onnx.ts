import type { OnnxMapping } from '../../formats/onnx/mapping';
import { int64Tensor } from '../../formats/onnx/onnx-node';
import { broadcastShape } from '../broadcast';

export const expandOnnx: OnnxMapping = {
  import: {
    Expand(node) {
      const shape = node.integers(1, 'a shape');
      if (shape.some((extent) => !(extent >= 0))) node.refuse('a negative extent');
      node.emit('expand', [node.inputs[0]], { shape: broadcastShape(node.known(0).shape, shape) });
    },
  },
  export: (node, writer) => writer.emit('Expand', [writer.inputs[0], writer.constant('shape', int64Tensor(node.ints('shape')))], writer.outputs),
};
