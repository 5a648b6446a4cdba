import type { TfliteMapping } from '../../formats/tflite/mapping';

export const svdfTflite: TfliteMapping = {
  import: {
    SVDF(node) {
      const [x, feature, time, bias] = node.inputs;
      if (node.type(1).quantization && !node.type(0).quantization) node.refuse('integer weights for real inputs');
      const state = node.state(4);
      const activation = node.number('fusedActivationFunction');
      if (activation > 1) node.refuse(`fused activation ${activation}`);
      node.emit('svdf', [x, feature, time, bias, state], { rank: node.number('rank'), ...(activation ? { clampMin: 0 } : {}) }, { more: [node.editor.value(state).type] });
      node.setState(4, node.result(1));
    },
  },
  export(node, writer) {
    writer.emit('SVDF', writer.inputs, writer.outputs.slice(0, 1), { rank: node.int('rank'), fusedActivationFunction: writer.activation() });
  },
};
