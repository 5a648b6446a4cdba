import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { elementCount } from '../../ir/dtype';
import type { ValueId } from '../../ir/types';

export const denseOnnx: OnnxMapping = {
  import: {
    Gemm(node) {
      if (node.int('transA', 0)) node.refuse('a transposed left operand');
      if (node.float('alpha', 1) !== 1 || node.float('beta', 1) !== 1) node.refuse('alpha or beta other than 1');
      const weights = asRows(node, node.int('transB', 0) === 1);
      const bias = node.type(2);
      const hasBias = node.inputs[2] !== undefined;
      if (hasBias && (!bias.shape || elementCount(bias.shape) !== node.type(1).shape![node.int('transB', 0) ? 0 : 1])) node.refuse('a bias that is broadcast');
      node.emit('dense', [node.inputs[0], weights, hasBias ? flatBias(node, node.inputs[2]!) : undefined]);
    },
  },
  export(node, writer) {
    const [input, weights, bias] = writer.inputs;
    if (node.type(0).shape?.length === 2) {
      writer.emit('Gemm', bias ? [input, weights, bias] : [input, weights], writer.outputs, { transB: 1 });
      return;
    }
    const turned = writer.temporary('weights_t');
    writer.emit('Transpose', [weights], [turned], { perm: [1, 0] });
    const product = bias ? writer.temporary('product') : writer.outputs[0];
    writer.emit('MatMul', [input, turned], [product]);
    if (bias) writer.emit('Add', [product, bias], writer.outputs);
  },
};

/** Weights as [O, K]. */
function asRows(node: OnnxNode, isTransposed: boolean): ValueId {
  const shape = node.type(1).shape;
  if (shape?.length !== 2) node.refuse('weights of unknown shape');
  if (isTransposed) return node.inputs[1]!;
  return node.emit('transpose', [node.inputs[1]], { permutation: [1, 0] }, { last: false, suffix: 'weights' });
}

/** Gemm lets a bias be [1, O]; ours is [O]. */
function flatBias(node: OnnxNode, bias: ValueId): ValueId {
  const { shape } = node.type(2);
  if (shape!.length === 1) return bias;
  return node.emit('reshape', [bias], { shape: [elementCount(shape!)] }, { last: false, suffix: 'bias' });
}
