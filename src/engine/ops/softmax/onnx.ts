import type { OnnxMapping } from '../../formats/onnx/mapping';
import { elementCount } from '../../ir/dtype';
import { normalAxis } from '../op';

export const softmaxOnnx: OnnxMapping = {
  import: {
    Softmax(node) {
      if (node.opset >= 13) return void node.emit('softmax', [node.inputs[0]], { axis: node.int('axis', -1) });
      // Before opset 13 all axes from `axis` on are one row.
      const { shape } = node.type(0);
      if (!shape || shape.some((d) => d < 0)) return node.refuse('an input of unknown shape');
      const axis = normalAxis(node.int('axis', 1), shape.length);
      if (axis === shape.length - 1) return void node.emit('softmax', [node.inputs[0]], { axis });
      const rows = node.emit('reshape', [node.inputs[0]], { shape: [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))] }, { last: false, suffix: 'rows' });
      const result = node.emit('softmax', [rows], { axis: 1 }, { last: false, suffix: 'softmax' });
      node.emit('reshape', [result], { shape });
    },
  },
  export: (node, writer) => writer.emit('Softmax', writer.inputs, writer.outputs, { axis: node.int('axis', -1) }),
};
