import type { OnnxMapping } from '../../formats/onnx/mapping';
import { elementCount } from '../../ir/dtype';
import { normalAxis } from '../op';

/** Softmax, LogSoftmax and Hardmax: the same attributes and the same change of meaning in operator set 13. */
export const rowwiseOnnx = (onnxName: string, name: string): OnnxMapping => ({
  import: {
    [onnxName](node) {
      if (node.opset >= 13) return void node.emit(name, [node.inputs[0]], { axis: node.int('axis', -1) });
      // Before, all axes from `axis` on are one row.
      const { shape } = node.known(0);
      const axis = normalAxis(node.int('axis', 1), shape.length);
      if (axis === shape.length - 1) return void node.emit(name, [node.inputs[0]], { axis });
      const rows = node.step('reshape', [node.inputs[0]], { shape: [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis))] });
      node.emit('reshape', [node.step(name, [rows], { axis: 1 })], { shape });
    },
  },
  export: (node, writer) => writer.emit(onnxName, writer.inputs, writer.outputs, { axis: node.int('axis', -1) }),
});
