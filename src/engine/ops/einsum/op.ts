import { zeros } from '../../ir/tensor';
import type { OnnxMapping } from '../../formats/onnx/mapping';
import { forEachPosition, rowStrides } from '../gather/indices';
import type { NodeView, OpDefinition } from '../op';
import { labelEquation } from './equation';

const onnx: OnnxMapping = {
  import: { Einsum: (node) => void node.emit('einsum', node.inputs, { equation: node.text('equation', '') }) },
  export: (node, writer) => writer.emit('Einsum', writer.inputs, writer.outputs, { equation: node.text('equation') }),
};

/** Sums of products over labelled axes. Attribute: equation, e.g. `ij,jk->ik`. */
export const einsum: OpDefinition = {
  name: 'einsum',
  label: (node) => `Einsum ${node.text('equation')}`,
  infer: (node) => [{ dtype: node.type(0).dtype, shape: node.node.inputs.every((_, i) => node.type(i).shape) ? labelled(node).result.map((label) => labelled(node).extents.get(label)!) : undefined }],
  macs(node) {
    return [...labelled(node).extents.values()].reduce((a, b) => a * b, 1);
  },
  evaluate(node, inputs) {
    const { operands, result, extents } = labelled(node);
    const output = zeros(node.outputType());
    const summed = [...extents.keys()].filter((label) => !result.includes(label));
    const order = [...result, ...summed];
    const inner = summed.reduce((total, label) => total * extents.get(label)!, 1);
    // Strides of each operand along all labels; an axis of extent 1 that broadcasts does not move.
    const strides = operands.map((labels, n) => {
      const { shape } = inputs[n]!.type;
      const own = rowStrides(shape);
      return order.map((label) => labels.reduce((sum, l, axis) => sum + (l === label && shape[axis] > 1 ? own[axis] : 0), 0));
    });
    forEachPosition(order.map((label) => extents.get(label)!), (position, i) => {
      let product = 1;
      for (let n = 0; n < inputs.length; n++) {
        let at = 0;
        for (let axis = 0; axis < order.length; axis++) at += position[axis] * strides[n][axis];
        product *= inputs[n]!.data[at];
      }
      output.data[Math.floor(i / inner)] += product;
    });
    return [output];
  },
  onnx,
};

const labelled = (node: NodeView): ReturnType<typeof labelEquation> => labelEquation(node.text('equation'), node.node.inputs.map((_, i) => node.type(i).shape ?? []));
