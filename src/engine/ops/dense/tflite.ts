import type { TfliteMapping } from '../../formats/tflite/mapping';
import { elementCount } from '../../ir/dtype';
import type { Attributes } from '../../ir/types';

export const denseTflite: TfliteMapping = {
  import: {
    FULLY_CONNECTED(node) {
      if (node.number('weightsFormat') !== 0) node.refuse('shuffled weights');
      const weights = node.shape(1);
      if (weights.length !== 2) node.refuse(`weights of ${weights.join('×')}`);
      const [, depth] = weights;
      const shape = node.type(0).shape ?? node.refuse('an input of unknown rank');
      const keepsAxes = node.flag('keepNumDims') && shape[shape.length - 1] === depth;
      const attributes: Attributes = node.flag('asymmetricQuantizeInputs') ? { asymmetricInputs: true } : {};
      if (keepsAxes || (shape.length === 2 && shape[1] === depth)) return node.emitActivated('dense', node.inputs.slice(0, 3), attributes);
      const rows = node.emit('reshape', [node.inputs[0]], { shape: [elementCount(node.shape(0)) / depth, depth] }, { last: false, suffix: 'rows' });
      node.emitActivated('dense', [rows, ...node.inputs.slice(1, 3)], attributes);
    },
  },
  export(node, writer) {
    const keepNumDims = node.staticType(0).shape.length === 2 ? 0 : 1;
    const asymmetricQuantizeInputs = node.flag('asymmetricInputs') ? 1 : 0;
    writer.emit('FULLY_CONNECTED', [...writer.inputs, -1].slice(0, 3), writer.outputs, { fusedActivationFunction: writer.activation(), keepNumDims, asymmetricQuantizeInputs });
  },
};
