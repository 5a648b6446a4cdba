import type { GraphEditor } from '../ir/edit';
import { isKept, mergeOrigins, usesOf, type Uses } from '../ir/traverse';
import type { Graph, Node, Quantization, ValueId } from '../ir/types';
import { dequantize } from '../ops/dequantize/op';
import { quantize } from '../ops/quantize/op';
import { opOf } from '../ops/table';
import { equalQuantization } from '../quant/equal';
import { editingPass } from './pass';

/**
 * dequantize -> op -> quantize becomes the op on codes: quantization moves from nodes into types, as in TFLite. Ops without
 * an integer form stay in float between real dequantize and quantize nodes.
 */
export const fuseQdq = editingPass('fuse-qdq', (editor, graph, model) => {
  // Only QDQ models mean codes by it: TFLite computes what lies between in float.
  if (model.rounding !== 'onnx-float-half-even') return;
  const uses = usesOf(graph);
  for (const node of graph.nodes) {
    const form = opOf(node).quantization;
    if (!form || node.outputs.length !== 1) continue;
    const codes = codesBehind(editor, uses, node);
    const last = onlyQuantize(graph, uses, node.outputs[0]);
    if (!codes || !last) continue;
    const output = editor.value(last.outputs[0]);
    const from = codes[0] === undefined ? undefined : editor.value(codes[0]).type.quantization;
    if (form === 'keeps' && !equalQuantization(from, output.type.quantization)) {
      keepThenRequantize(editor, node, codes, from!);
      continue;
    }
    editor.removeNode(last.id);
    editor.replaceNode(node.id, { inputs: codes, outputs: last.outputs, origin: mergeOrigins(node) });
  }
});

/** The codes that a node's inputs are dequantized from, or undefined where some input is not. */
function codesBehind(editor: GraphEditor, uses: Uses, node: Node): (ValueId | undefined)[] | undefined {
  const codes: (ValueId | undefined)[] = [];
  for (const input of node.inputs) {
    const producer = input === undefined ? undefined : uses.producer.get(input);
    if (input !== undefined && producer?.op !== dequantize.name) return undefined;
    const code = producer?.inputs[0];
    // Sums of codes cannot have a scale for each block: such weights meet real numbers.
    if (code !== undefined && editor.value(code).type.quantization?.block) return undefined;
    // Weights may have a scale per channel, activations may not.
    if (code !== undefined && editor.value(code).type.quantization?.axis !== undefined && !editor.value(code).constant) return undefined;
    codes.push(code);
  }
  return codes.some((code) => code !== undefined) ? codes : undefined;
}

/** The quantize node that alone reads a value. */
function onlyQuantize(graph: Graph, uses: Uses, value: ValueId): Node | undefined {
  const consumers = uses.consumers.get(value) ?? [];
  return consumers.length === 1 && consumers[0].op === quantize.name && !isKept(graph, value) ? consumers[0] : undefined;
}

/** The op moves codes about under the input's scale; the quantize node after it changes the scale. */
function keepThenRequantize(editor: GraphEditor, node: Node, codes: (ValueId | undefined)[], quantization: Quantization): void {
  const output = editor.value(node.outputs[0]);
  const { dtype } = editor.value(codes[0]!).type;
  editor.setType(output.id, { ...output.type, dtype, quantization });
  editor.replaceNode(node.id, { inputs: codes });
}
