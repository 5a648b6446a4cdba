import { mergeOrigins, soleConsumer, usesOf } from '../ir/traverse';
import { clamp } from '../ops/clamp/op';
import { opOf } from '../ops/table';
import { editingPass } from './pass';

/** ReLU, ReLU6 and clip become bounds of the layer before them, where its kernels can limit their result. */
export const fuseClamp = editingPass('fuse-clamp', (editor, graph) => {
  const uses = usesOf(graph);
  for (const { id } of graph.nodes) {
    const node = editor.nodes.get(id)!;
    if (node.op !== clamp.name) continue;
    const before = uses.producer.get(node.inputs[0]!);
    const layer = before && editor.nodes.get(before.id);
    if (!layer || !opOf(layer).fusesClamp || soleConsumer(graph, uses, node.inputs[0]!)?.id !== id) continue;
    const bound = (name: string, stricter: (a: number, b: number) => number): Record<string, number> => {
      const bounds = [layer.attributes[name], node.attributes[name]].filter((b): b is number => typeof b === 'number');
      return bounds.length ? { [name]: bounds.reduce(stricter) } : {};
    };
    editor.removeNode(id);
    editor.replaceNode(layer.id, {
      outputs: node.outputs,
      attributes: { ...layer.attributes, ...bound('clampMin', Math.max), ...bound('clampMax', Math.min) },
      origin: mergeOrigins(layer, node),
    });
  }
});
