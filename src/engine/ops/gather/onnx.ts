import type { OnnxMapping } from '../../formats/onnx/mapping';

export const gatherOnnx: OnnxMapping = {
  import: { Gather: (node) => void node.emit('gather', node.inputs, { axis: node.int('axis', 0) }) },
  export: (node, writer) => writer.emit('Gather', writer.inputs, writer.outputs, { axis: node.int('axis', 0) }),
};

export const gatherElementsOnnx: OnnxMapping = {
  import: { GatherElements: (node) => void node.emit('gather_elements', node.inputs, { axis: node.int('axis', 0) }) },
  export: (node, writer) => writer.emit('GatherElements', writer.inputs, writer.outputs, { axis: node.int('axis', 0) }),
};

export const gatherNdOnnx: OnnxMapping = {
  import: { GatherND: (node) => void node.emit('gather_nd', node.inputs, { batchDims: node.int('batch_dims', 0) }) },
  export: (node, writer) => writer.emit('GatherND', writer.inputs, writer.outputs, { batch_dims: node.int('batchDims', 0) }),
};
