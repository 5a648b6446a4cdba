import { elementCount, isStatic } from '../ir/dtype';
import type { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, reshaped } from '../ir/tensor';
import { mergeOrigins, soleConsumer, usesAmong, type Uses } from '../ir/traverse';
import type { Graph, Model, Node, ValueId } from '../ir/types';
import { add } from '../ops/add/op';
import { dense } from '../ops/dense/op';
import { dequantize } from '../ops/dequantize/op';
import { matmul } from '../ops/matmul/op';
import { reshape } from '../ops/reshape/op';
import { transpose } from '../ops/transpose/op';
import { editingPass } from './pass';
import { addTranspose } from './to-nhwc';

/**
 * A product with stored codes is a dense layer as one with real weights is: codes are turned as they are stored, not when they
 * are real, and what is added to each row is the layer's bias. So a quantized file gives the layers of the float one.
 */
export const denseWeights = editingPass('dense-weights', (editor, graph, model) => {
  for (const node of graph.nodes) if (node.op === reshape.name) reshapeCodes(editor, node);
  for (const node of graph.nodes) if (node.op === transpose.name) turnCodes(editor, node, model);
  // TFLite has layers of its own for what follows, and rounds between product and sum.
  if (model.rounding !== 'onnx-float-half-even') return;
  for (const node of graph.nodes) if (node.op === matmul.name) toDense(editor, node, model);
  const uses = usesAmong(editor.nodes.values());
  for (const node of graph.nodes) if (node.op === add.name) takeBias(editor, graph, node, uses);
});

/** Stored codes that a value is dequantized from. */
function storedCodes(editor: GraphEditor, id: ValueId): { readonly codes: ValueId; readonly node: Node } | undefined {
  const node = editor.producerOf(id);
  const codes = node?.op === dequantize.name ? node.inputs[0] : undefined;
  return codes !== undefined && editor.value(codes).constant && isStatic(editor.value(codes).type) ? { codes, node: node! } : undefined;
}

/**
 * reshape(dequantize(codes)) is dequantize(reshape(codes)), where rows of codes in blocks become the weights of a convolution:
 * each block is then some of its input channels, with all that the window has of them.
 */
function reshapeCodes(editor: GraphEditor, node: Node): void {
  const stored = storedCodes(editor, node.inputs[0]!);
  const { shape } = editor.value(node.outputs[0]).type;
  if (!stored || !shape || shape.length < 3) return;
  const { name, type, constant } = editor.value(stored.codes);
  const { axis, block } = type.quantization!;
  const area = elementCount(shape.slice(2));
  if (axis !== 0 || block?.axis !== 1 || type.shape!.length !== 2 || type.shape![0] !== shape[0] || block.size % area !== 0) return;
  const codes = editor.addValue(name, { ...type, shape, quantization: { ...type.quantization!, block: { axis: 1, size: block.size / area } } }, constant);
  editor.replaceNode(node.id, { op: dequantize.name, inputs: [codes], attributes: stored.node.attributes });
}

/** transpose(dequantize(codes)) is dequantize(transpose(codes)). */
function turnCodes(editor: GraphEditor, node: Node, model: Model): void {
  const stored = storedCodes(editor, node.inputs[0]!);
  if (!stored) return;
  const turned = addTranspose(editor, stored.codes, node.attributes.permutation as readonly number[], stored.node, model);
  editor.replaceNode(node.id, { op: dequantize.name, inputs: [turned], attributes: stored.node.attributes });
}

function toDense(editor: GraphEditor, node: Node, model: Model): void {
  const stored = storedCodes(editor, node.inputs[1]!);
  if (!stored || editor.value(stored.codes).type.shape!.length !== 2) return;
  const codes = addTranspose(editor, stored.codes, [1, 0], node, model);
  const real = editor.value(node.inputs[1]!);
  const weights = editor.addValue(`${real.name}.rows`, { dtype: real.type.dtype, shape: editor.value(codes).type.shape });
  editor.addNode({ op: dequantize.name, name: `${node.name}.weights`, inputs: [codes], outputs: [weights], attributes: stored.node.attributes, origin: stored.node.origin });
  editor.replaceNode(node.id, { op: dense.name, inputs: [node.inputs[0], weights] });
}

/** dense(x, w) + b, where b has a number for each output. */
function takeBias(editor: GraphEditor, graph: Graph, node: Node, uses: Uses): void {
  const [left, right] = node.inputs as readonly ValueId[];
  for (const [sum, bias] of [[left, right], [right, left]]) {
    const layer = uses.producer.get(sum);
    if (layer?.op !== dense.name || layer.inputs[2] !== undefined || layer.attributes.clampMin !== undefined || layer.attributes.clampMax !== undefined) continue;
    if (soleConsumer(graph, uses, sum)?.id !== node.id || editor.value(sum).type.quantization || editor.value(node.outputs[0]).type.quantization) continue;
    const outputs = editor.value(layer.inputs[1]!).type.shape?.[0];
    const ready = outputs === undefined ? undefined : perOutput(editor, bias, outputs);
    // A sum of more axes than the product has would not be the product's.
    if (ready === undefined || editor.value(node.outputs[0]).type.shape?.length !== editor.value(sum).type.shape?.length) continue;
    editor.removeNode(node.id);
    editor.replaceNode(layer.id, { inputs: [...layer.inputs.slice(0, 2), ready], outputs: node.outputs, attributes: { ...layer.attributes, ...node.attributes }, origin: mergeOrigins(layer, node) });
    return;
  }
}

/** The addend as a list with a number for each output, where it is one; sums of codes are stored in 32 bits. */
function perOutput(editor: GraphEditor, id: ValueId, outputs: number): ValueId | undefined {
  const { name, type, constant } = editor.value(id);
  if (!isStatic(type) || type.shape[type.shape.length - 1] !== outputs || elementCount(type.shape) !== outputs) return undefined;
  if (!constant) {
    const stored = storedCodes(editor, id);
    return stored && type.shape.length === 1 && editor.value(stored.codes).type.dtype === 'int32' ? id : undefined;
  }
  if (type.dtype !== 'float32') return undefined;
  return type.shape.length === 1 ? id : editor.addValue(name, { ...type, shape: [outputs] }, constantOf(reshaped(constantTensor(editor.value(id)), [outputs])));
}
