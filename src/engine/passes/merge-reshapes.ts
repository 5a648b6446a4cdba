import { usesAmong } from '../ir/traverse';
import { reshape } from '../ops/reshape/op';
import { editingPass } from './pass';

/** Reshapes in a row are one; a reshape to the shape that is there already is none. */
export const mergeReshapes = editingPass('merge-reshapes', (editor, graph) => {
  if (!graph.nodes.some(({ op }) => op === reshape.name)) return;
  const { producer } = usesAmong(editor.nodes.values());
  for (const { id } of [...editor.nodes.values()]) {
    const node = editor.nodes.get(id)!;
    if (node.op !== reshape.name) continue;
    const before = producer.get(node.inputs[0]!);
    const source = before?.op === reshape.name ? editor.nodes.get(before.id)!.inputs[0]! : node.inputs[0]!;
    const shape = editor.value(node.outputs[0]).type.shape;
    if (source !== node.inputs[0] && shape) editor.replaceNode(id, { inputs: [source], attributes: { shape } });
    const same = editor.value(source).type.shape?.join() === shape?.join();
    if (!same || editor.outputs.includes(node.outputs[0])) continue;
    editor.removeNode(id);
    editor.replaceUses(node.outputs[0], source);
  }
});
