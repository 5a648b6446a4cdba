import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { tensorOf } from '../../ir/tensor';
import type { ValueId } from '../../ir/types';
import { add } from '../add/op';
import { mul } from '../mul/op';

export const denseOnnx: OnnxMapping = {
  import: {
    Gemm(node) {
      const rows = node.int('transA', 0) ? node.step('transpose', [node.inputs[0]], { permutation: [1, 0] }) : node.inputs[0];
      const weights = node.int('transB', 0) ? node.inputs[1]! : node.step('transpose', [node.inputs[1]], { permutation: [1, 0] });
      const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
      const bias = node.has(2) && beta !== 0 ? scaled(node, node.inputs[2]!, beta) : undefined;
      const outputs = node.typeOf(weights).shape?.[0] ?? node.refuse('weights of unknown shape');
      const direct = bias === undefined || isPerOutput(node.typeOf(bias).shape, outputs);
      if (direct && alpha === 1) return void node.emit('dense', [rows, weights, bias === undefined ? undefined : flat(node, bias)]);
      // A factor goes into known weights; what cannot is an op of its own.
      const isFolded = alpha === 1 || node.isConstant(weights);
      const product = node.step('dense', [rows, isFolded ? scaled(node, weights, alpha) : weights, direct && isFolded && bias !== undefined ? flat(node, bias) : undefined]);
      const result = isFolded ? product : scaled(node, product, alpha);
      node.alias(0, direct && (isFolded || bias === undefined) ? result : node.step(add.name, [result, bias]));
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

function scaled(node: OnnxNode, id: ValueId, factor: number): ValueId {
  if (factor === 1) return id;
  const { dtype } = node.typeOf(id);
  return node.step(mul.name, [id, node.addConstant(`factor_${factor}`, tensorOf({ dtype, shape: [] }, [factor]))]);
}

/** [O] or [1, O]; Gemm lets a bias be anything that broadcasts. */
const isPerOutput = (shape: readonly number[] | undefined, outputs: number): boolean =>
  shape !== undefined && shape.length >= 1 && shape[shape.length - 1] === outputs && shape.slice(0, -1).every((d) => d === 1);

function flat(node: OnnxNode, bias: ValueId): ValueId {
  const shape = node.typeOf(bias).shape!;
  return shape.length === 1 ? bias : node.step('reshape', [bias], { shape: shape.slice(-1) });
}
