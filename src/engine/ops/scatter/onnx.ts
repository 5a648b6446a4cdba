import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { reductions } from './reduction';

function reductionOf(node: OnnxNode): string {
  const reduction = node.text('reduction', 'none');
  return reduction in reductions ? reduction : node.refuse(`the reduction ${reduction}`);
}

const emitElements = (node: OnnxNode): void => void node.emit('scatter_elements', node.inputs, { axis: node.int('axis', 0), reduction: reductionOf(node) });

export const scatterElementsOnnx: OnnxMapping = {
  // Scatter is what ScatterElements was called before operator set 11.
  import: { ScatterElements: emitElements, Scatter: emitElements },
  since: (node) => (node.text('reduction') === 'none' ? 0 : 18),
  export: (node, writer) => writer.emit('ScatterElements', writer.inputs, writer.outputs, { axis: node.int('axis', 0), reduction: node.text('reduction') }),
};

export const scatterNdOnnx: OnnxMapping = {
  import: { ScatterND: (node) => void node.emit('scatter_nd', node.inputs, { reduction: reductionOf(node) }) },
  since: (node) => (node.text('reduction') === 'none' ? 0 : 18),
  export: (node, writer) => writer.emit('ScatterND', writer.inputs, writer.outputs, { reduction: node.text('reduction') }),
};
