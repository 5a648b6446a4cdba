import type { OnnxMapping } from '../../formats/onnx/mapping';

export const batchNormOnnx: OnnxMapping = {
  import: {
    BatchNormalization(node) {
      if (node.int('training_mode', 0) || node.outputCount > 1) return node.refuse('training mode');
      node.emit('batch_norm', node.inputs.slice(0, 5), { layout: 'nchw', epsilon: node.float('epsilon', 1e-5) });
    },
  },
  export: (node, writer) => writer.emit('BatchNormalization', writer.inputs, writer.outputs, { epsilon: { float: node.attributes.epsilon as number } }),
};
