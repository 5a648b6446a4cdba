import { usesOf } from '../ir/traverse';
import { dequantize } from '../ops/dequantize/op';
import { reshape } from '../ops/reshape/op';
import { opOf } from '../ops/table';
import { editingPass } from './pass';

/** A reshape of dequantized weights to the shape they have says nothing: our own writer puts it there (see export-graph). */
export const dropIdleReshapes = editingPass('drop-idle-reshapes', (editor, graph) => {
  const { producer } = usesOf(graph);
  for (const node of graph.nodes) {
    if (node.op !== reshape.name || producer.get(node.inputs[0]!)?.op !== dequantize.name || graph.outputs.includes(node.outputs[0])) continue;
    const [from, to] = [editor.value(node.inputs[0]!).type.shape, editor.value(node.outputs[0]).type.shape];
    if (!from || from.join() !== to?.join()) continue;
    editor.removeNode(node.id);
    editor.replaceUses(node.outputs[0], node.inputs[0]!);
  }
});

/**
 * A layer on real numbers whose weights are dequantized codes reads the codes itself: weights stay in flash as they are stored,
 * and no tensor of real weights is ever made.
 */
export const fuseWeights = editingPass('fuse-weights', (editor, graph) => {
  const { producer } = usesOf(graph);
  for (const { id, op } of graph.nodes) {
    if (!opOf({ op }).scalesWeights) continue;
    const layer = editor.nodes.get(id)!;
    const before = layer.inputs[1] === undefined ? undefined : producer.get(layer.inputs[1]);
    if (before?.op !== dequantize.name || editor.value(layer.outputs[0]).type.quantization) continue;
    const codes = editor.value(before.inputs[0]!);
    if (!codes.constant || codes.type.quantization!.axis) continue;
    editor.replaceNode(id, { inputs: [layer.inputs[0], codes.id, ...layer.inputs.slice(2)] });
  }
});
