import type { TfliteMapping } from '../../formats/tflite/mapping';
import { normalAxis } from '../op';

export const gatherTflite: TfliteMapping = {
  import: {
    GATHER(node) {
      const axis = normalAxis(node.number('axis'), node.shape(0).length);
      const batch = node.number('batchDims');
      if (batch === 0) return void node.emit('gather', node.inputs.slice(0, 2), { axis });
      if (batch !== axis) node.refuse('batches in step with axes between');
      // Coordinates of one axis each, behind axes that run in step.
      const places = node.step('reshape', [node.inputs[1]], { shape: [...node.shape(1), 1] });
      node.emit('gather_nd', [node.inputs[0], places], { batchDims: batch });
    },
    EMBEDDING_LOOKUP: (node) => void node.emit('gather', [node.inputs[1], node.inputs[0]], { axis: 0 }),
  },
  export: (node, writer) => writer.emit('GATHER', writer.inputs, writer.outputs, { axis: node.int('axis') }),
};

export const gatherNdTflite: TfliteMapping = {
  import: {
    GATHER_ND(node) {
      node.needOneScale();
      node.emit('gather_nd', node.inputs.slice(0, 2), { batchDims: 0 });
    },
  },
  export(node, writer) {
    const batch = node.int('batchDims', 0);
    const { shape } = node.staticType(1);
    if (batch === 0) return writer.emit('GATHER_ND', writer.inputs, writer.outputs);
    if (shape[shape.length - 1] !== 1) return writer.refuse('coordinates of several axes behind axes that run in step');
    const flat = shape.slice(0, -1);
    const places = writer.temporary('places', { ...node.staticType(1), shape: flat });
    writer.emit('RESHAPE', [writer.inputs[1], writer.numbers('places_shape', flat)], [places], { newShape: flat });
    writer.emit('GATHER', [writer.inputs[0], places], writer.outputs, { axis: batch, batchDims: batch });
  },
};
