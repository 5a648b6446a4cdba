import type { OnnxMapping } from '../../formats/onnx/mapping';

export const matmulOnnx: OnnxMapping = {
  import: {
    MatMul(node) {
      const weights = node.type(1).shape;
      // Known weights are a dense layer, output channels first.
      if (weights?.length !== 2 || !node.isConstant(node.inputs[1])) return void node.emit('matmul', node.inputs);
      node.emit('dense', [node.inputs[0], node.step('transpose', [node.inputs[1]], { permutation: [1, 0] })]);
    },
  },
  export: (_node, writer) => writer.emit('MatMul', writer.inputs, writer.outputs),
};
