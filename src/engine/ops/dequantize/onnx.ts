import type { OnnxMapping } from '../../formats/onnx/mapping';
import { readQuantization } from '../../formats/onnx/quantization';

export const dequantizeOnnx: OnnxMapping = {
  import: {
    DequantizeLinear(node) {
      const type = node.type(0);
      const quantization = readQuantization(node, type.shape?.length);
      node.annotate(0, { ...type, quantization });
      node.emit('dequantize', [node.inputs[0]]);
    },
  },
  changesStorageOnly: true,
};
