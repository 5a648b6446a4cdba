import { usesAmong, usesOf } from '../ir/traverse';
import { dequantize } from '../ops/dequantize/op';
import { NodeView } from '../ops/op';
import { isFixedPoint } from '../ops/real-result';
import { opOf } from '../ops/table';
import { foldNode } from './infer';
import { editingPass } from './pass';

/**
 * A layer on real numbers whose weights are dequantized codes reads the codes itself: weights stay in flash as they are stored,
 * and no tensor of real weights is ever made.
 */
export const fuseWeights = editingPass('fuse-weights', (editor, graph, model) => {
  const { producer } = usesOf(graph);
  for (const { id, op } of graph.nodes) {
    if (!opOf({ op }).scalesWeights) continue;
    const layer = editor.nodes.get(id)!;
    const before = layer.inputs[1] === undefined ? undefined : producer.get(layer.inputs[1]);
    if (before?.op !== dequantize.name || editor.value(layer.outputs[0]).type.quantization) continue;
    const codes = editor.value(before.inputs[0]!);
    if (!codes.constant || codes.type.quantization!.axis) continue;
    // TFLite's layers that read codes themselves turn their inputs into codes as well; this one does not.
    const attributes = isFixedPoint(model.rounding) ? { ...layer.attributes, realInputs: true } : layer.attributes;
    editor.replaceNode(id, { inputs: [layer.inputs[0], codes.id, ...layer.inputs.slice(2)], attributes });
  }
  // Codes in blocks have no other reader: what is left of them are real numbers.
  const uses = usesAmong(editor.nodes.values());
  for (const node of [...editor.nodes.values()]) {
    if (node.op !== dequantize.name || !editor.value(node.inputs[0]!).type.quantization!.block) continue;
    if (!uses.consumers.get(node.outputs[0])?.length && !editor.outputs.includes(node.outputs[0])) editor.removeNode(node.id);
    else foldNode(editor, new NodeView(editor, node, model.rounding));
  }
});
