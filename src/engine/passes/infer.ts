import { byteLengthOf, elementCount, isStatic, typeBytes } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantTensor, encodeBytes, type Tensor } from '../ir/tensor';
import type { ConstantData, StaticType, Value } from '../ir/types';
import { NodeView, ShapeError, type OpDefinition } from '../ops/op';
import { opOf } from '../ops/table';

/**
 * Sets the types of a node's outputs from its inputs, and folds it where all inputs are known: its outputs become constants,
 * computed when they are first read. Quantization of an output is kept where inference says nothing of it.
 */
export function inferNode(editor: GraphEditor, view: NodeView): void {
  const op = opOf(view.node);
  const types = op.infer(view);
  if (types.length < view.node.outputs.length) throw new ShapeError(`${view.node.outputs.length} outputs of an op that has ${types.length}`);
  view.node.outputs.forEach((id, i) => {
    const quantization = types[i].quantization ?? editor.value(id).type.quantization;
    editor.setType(id, quantization ? { ...types[i], quantization } : types[i]);
  });
  if (isFoldable(view, op)) fold(editor, view, op);
}

/** Folding to more than this many bytes would cost a user memory for a mere shape trick. */
const MAX_FOLDED_BYTES = 256 * 2 ** 20;

function isFoldable(view: NodeView, op: OpDefinition): boolean {
  // Codes stay codes: a dequantized weight is folded into the type of the layer that reads it (fuse-qdq).
  if (op.keepsConstants || !view.node.inputs.some((id) => id !== undefined)) return false;
  const outputs = view.node.outputs.map((_, i) => view.output(i).type);
  return (
    view.node.inputs.every((id, i) => id === undefined || view.isConstant(i)) &&
    outputs.every((type) => isStatic(type) && type.dtype !== 'string' && byteLengthOf(type.dtype, elementCount(type.shape)) <= MAX_FOLDED_BYTES)
  );
}

function fold(editor: GraphEditor, view: NodeView, op: OpDefinition): void {
  const inputs = view.node.inputs.map((id, i) => (id === undefined ? undefined : view.input(i)));
  let results: readonly Tensor[] | undefined;
  const evaluate = (): readonly Tensor[] => (results ??= op.evaluate(view, inputs.map((value) => value && constantTensor(value))));
  view.node.outputs.forEach((id, i) => {
    const value: Value = editor.value(id);
    editor.values.set(id, { ...value, constant: lazyConstant(value.type as StaticType, () => evaluate()[i]) });
  });
  editor.removeNode(view.node.id);
}

function lazyConstant(type: StaticType, make: () => Tensor): ConstantData {
  let bytes: Uint8Array | undefined;
  return { byteLength: typeBytes(type), bytes: () => (bytes ??= encodeBytes(type.dtype, make().data)) };
}
