import { byteLengthOf, elementCount, isNumeric, isStatic } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantTensor, lazyConstant, type Tensor } from '../ir/tensor';
import type { ConstantData, StaticType, Value } from '../ir/types';
import { NodeView, ShapeError, type OpDefinition } from '../ops/op';
import { opOf } from '../ops/table';

/**
 * Sets the types of a node's outputs from its inputs, and folds it where all inputs are known: its outputs become constants.
 * Quantization of an output is kept where inference says nothing of it.
 */
export function inferNode(editor: GraphEditor, view: NodeView): void {
  const op = opOf(view.node);
  for (let i = 0; i < (op.needs ?? Math.min(1, view.node.inputs.length)); i++) if (!view.has(i)) throw new ShapeError(`input ${i} is left out`);
  const types = op.infer(view);
  if (types.length < view.node.outputs.length) throw new ShapeError(`${view.node.outputs.length} outputs of an op that has ${types.length}`);
  view.node.outputs.forEach((id, i) => {
    const quantization = types[i].quantization ?? editor.value(id).type.quantization;
    // Codes keep the type that whoever gave them their scale has chosen.
    const dtype = types[i].quantization || !quantization ? types[i].dtype : editor.value(id).type.dtype;
    editor.setType(id, quantization ? { ...types[i], dtype, quantization } : types[i]);
  });
  if (isFoldable(editor, view, op)) fold(editor, view, op);
}

/**
 * Constants made by folding may take this many bytes, and this many times the bytes that came with the graph: a few bytes of
 * Expand, Tile or Concat must not become gigabytes. What goes beyond stays a node.
 */
const MAX_FOLDED_BYTES = 32 * 2 ** 20;
const MAX_FOLDED_TIMES = 4;

function isFoldable(editor: GraphEditor, view: NodeView, op: OpDefinition): boolean {
  // Codes stay codes: a dequantized weight is folded into the type of the layer that reads it (fuse-qdq).
  if ((op.keepsConstants && !editor.foldsAll) || !view.node.inputs.some((id) => id !== undefined)) return false;
  if (!view.node.inputs.every((id, i) => id === undefined || (view.isConstant(i) && isNumeric(view.type(i).dtype)))) return false;
  let bytes = 0;
  for (let i = 0; i < view.node.outputs.length; i++) {
    const { type } = view.output(i);
    if (!isStatic(type) || !isNumeric(type.dtype)) return false;
    bytes += byteLengthOf(type.dtype, elementCount(type.shape));
  }
  return takeFolded(editor, bytes);
}

/** Allows a constant of this many bytes that the file does not hold, or not. */
export function takeFolded(editor: GraphEditor, bytes: number): boolean {
  if (editor.foldedBytes + bytes > MAX_FOLDED_BYTES + MAX_FOLDED_TIMES * editor.sourceBytes) return false;
  editor.foldedBytes += bytes;
  return true;
}

/** float32 numbers that a float16 constant was widened to, wherever they were moved since. */
function isWidenedHalf(view: NodeView, op: OpDefinition): boolean {
  const from = view.input(0);
  if (view.output().type.dtype !== 'float32') return false;
  return from.type.dtype === 'float16' ? op.keepsNumbers === true : from.constant?.fromHalf === true && (op.onlyMoves === true || op.isView === true);
}

/** Lazy constants that are made from lazy ones, deeper than this, are computed at once: reading the last must not exhaust the stack. */
const MAX_LAZY_DEPTH = 32;
const lazyDepth = new WeakMap<ConstantData, number>();

/** Makes constants of the outputs of a node whose inputs are all known, also where the op would rather keep them as they are. */
export const foldNode = (editor: GraphEditor, view: NodeView): void => fold(editor, view, opOf(view.node));

function fold(editor: GraphEditor, view: NodeView, op: OpDefinition): void {
  const inputs = view.node.inputs.map((id, i) => (id === undefined ? undefined : view.input(i)));
  const depth = 1 + Math.max(0, ...inputs.map((value) => (value && lazyDepth.get(value.constant!)) ?? 0));
  let results: readonly Tensor[] | undefined;
  const evaluate = (): readonly Tensor[] => {
    if (results) return results;
    results = op.evaluate(view, inputs.map((value) => value && constantTensor(value)));
    view.node.outputs.forEach((id, i) => {
      const [wanted, made] = [elementCount((editor.value(id).type as StaticType).shape), results![i].data.length];
      if (wanted !== made) throw new Error(`${op.name} makes ${made} elements where ${wanted} were inferred`);
    });
    return results;
  };
  view.node.outputs.forEach((id, i) => {
    const value: Value = editor.value(id);
    const constant = lazyConstant(value.type as StaticType, () => evaluate()[i], isWidenedHalf(view, op));
    editor.values.set(id, { ...value, constant });
    if (depth < MAX_LAZY_DEPTH && !op.checksData) lazyDepth.set(constant, depth);
    else constant.bytes();
  });
  editor.removeNode(view.node.id);
}
