import type { OnnxMapping } from '../../formats/onnx/mapping';
import { readQuantization } from '../../formats/onnx/quantization';
import { dequantizeBlocks, isBlocked } from '../quantize/blocks';

export const dequantizeOnnx: OnnxMapping = {
  import: {
    DequantizeLinear(node) {
      if (isBlocked(node)) return dequantizeBlocks(node);
      node.emit('dequantize', [node.codes(0, readQuantization(node, node.type(0).shape?.length))]);
    },
  },
  changesStorageOnly: true,
};
