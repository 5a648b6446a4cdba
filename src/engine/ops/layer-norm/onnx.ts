import type { OnnxMapping } from '../../formats/onnx/mapping';

export const layerNormOnnx: OnnxMapping = {
  import: {
    LayerNormalization: (node) => void node.emit('layer_norm', node.inputs, { axis: node.int('axis', -1), epsilon: node.float('epsilon', 1e-5) }),
  },
  export: (node, writer) => writer.emit('LayerNormalization', writer.inputs, writer.outputs, { axis: node.int('axis'), epsilon: { float: node.attributes.epsilon as number } }),
};

export const rmsNormOnnx: OnnxMapping = {
  import: {
    RMSNormalization: (node) => void node.emit('rms_norm', node.inputs.slice(0, 2), { axis: node.int('axis', -1), epsilon: node.float('epsilon', 1e-5) }),
    'com.microsoft:SimplifiedLayerNormalization': (node) => void node.emit('rms_norm', node.inputs.slice(0, 2), { axis: node.int('axis', -1), epsilon: node.float('epsilon', 1e-5) }),
  },
  since: () => 23,
  export: (node, writer) => writer.emit('RMSNormalization', writer.inputs, writer.outputs, { axis: node.int('axis'), epsilon: { float: node.attributes.epsilon as number } }),
};
