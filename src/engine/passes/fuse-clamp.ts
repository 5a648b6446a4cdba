import { mergeOrigins, soleConsumer, usesOf } from '../ir/traverse';
import type { Node } from '../ir/types';
import { clampReal } from '../ops/clamp-range';
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
    if (!layer || !opOf(layer).fusesClamp || layer.outputs.length > 1 || soleConsumer(graph, uses, node.inputs[0]!)?.id !== id) continue;
    const [inner, outer] = [boundsOf(layer), boundsOf(node)];
    // What the first clamp can give, clamped by the second.
    const min = clampReal(inner.min ?? -Infinity, outer);
    const max = clampReal(inner.max ?? Infinity, outer);
    editor.removeNode(id);
    editor.replaceNode(layer.id, {
      outputs: node.outputs,
      attributes: { ...layer.attributes, ...(min === -Infinity ? {} : { clampMin: min }), ...(max === Infinity ? {} : { clampMax: max }) },
      origin: mergeOrigins(layer, node),
    });
  }
});

const boundsOf = ({ attributes }: Node): { readonly min: number | undefined; readonly max: number | undefined } => {
  const bound = (name: string): number | undefined => (typeof attributes[name] === 'number' ? attributes[name] : undefined);
  return { min: bound('clampMin'), max: bound('clampMax') };
};
