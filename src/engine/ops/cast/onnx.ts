import type { OnnxMapping, OnnxNode } from '../../formats/onnx/mapping';
import { dtypeOfOnnx, onnxOfDtype } from '../../formats/onnx/tensor-proto';
import { isNumeric } from '../../ir/dtype';
import type { DType } from '../../ir/types';

function emitCast(node: OnnxNode, to: DType | undefined): void {
  if (!to || !isNumeric(to)) node.refuse('a result type without arithmetic');
  const from = node.type(0);
  if (!isNumeric(from.dtype)) node.refuse('a source type without arithmetic');
  if (from.dtype === to && !from.quantization) return node.alias(0, node.inputs[0]!);
  node.emit('cast', [node.inputs[0]], { to });
}

export const castOnnx: OnnxMapping = {
  import: {
    Cast: (node) => emitCast(node, dtypeOfOnnx(node.int('to', 0))),
    CastLike: (node) => emitCast(node, node.type(1).dtype),
  },
  export: (node, writer) => writer.emit('Cast', writer.inputs, writer.outputs, { to: onnxOfDtype(node.text('to') as DType) }),
};
