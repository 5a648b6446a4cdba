import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { normalAxis } from '../op';

export const splitOnnx: OnnxMapping = {
  import: {
    Split(node) {
      const { shape } = node.type(0);
      if (!shape) return node.refuse('an input of unknown rank');
      const axis = normalAxis(node.int('axis', 0), shape.length);
      node.emit('split', [node.inputs[0]], { axis, sizes: givenSizes(node) ?? equalSizes(node, shape[axis]) });
    },
  },
  export(node, writer) {
    const sizes = node.ints('sizes');
    const list = writer.constant('split', { type: { dtype: 'int64', shape: [sizes.length] }, data: Float64Array.from(sizes) });
    writer.emit('Split', [writer.inputs[0], list], writer.outputs, { axis: node.int('axis') });
  },
};

/** Sizes are an attribute before opset 13 and an input from then on. */
function givenSizes(node: OnnxNode): readonly number[] | undefined {
  if (node.opset < 13) return node.ints('split');
  if (node.inputs[1] === undefined) return undefined;
  const sizes = node.constant(1);
  return sizes ? Array.from(sizes.data) : node.refuse('sizes that vary');
}

/** Parts of equal size; the last may be smaller. Source: Split-18, num_outputs. */
function equalSizes(node: OnnxNode, extent: number): readonly number[] {
  if (extent < 0) return node.refuse('an axis of unknown extent');
  const parts = node.int('num_outputs', node.outputCount);
  const size = Math.ceil(extent / parts);
  return Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(size, extent - i * size)));
}
