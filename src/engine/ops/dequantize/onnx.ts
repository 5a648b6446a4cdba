import type { OnnxMapping } from '../../formats/onnx/mapping';
import { readQuantization } from '../../formats/onnx/quantization';

export const dequantizeOnnx: OnnxMapping = {
  import: {
    DequantizeLinear(node) {
      node.emit('dequantize', [node.codes(0, readQuantization(node, node.type(0).shape?.length))]);
    },
  },
  changesStorageOnly: true,
};
