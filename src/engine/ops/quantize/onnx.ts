import type { OnnxMapping } from '../../formats/onnx/mapping';
import { codesType, readQuantization } from '../../formats/onnx/quantization';
import { isBlocked, quantizeBlocks } from './blocks';

export const quantizeOnnx: OnnxMapping = {
  import: {
    QuantizeLinear(node) {
      if (isBlocked(node)) return quantizeBlocks(node);
      const { shape } = node.type(0);
      node.emit('quantize', [node.inputs[0]], {}, { type: { dtype: codesType(node), shape, quantization: readQuantization(node, shape?.length) } });
    },
  },
  changesStorageOnly: true,
};
