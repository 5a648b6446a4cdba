import { mergeOrigins, soleConsumer, usesOf } from '../ir/traverse';
import type { Node } from '../ir/types';
import { conv } from '../ops/conv/op';
import { pad } from '../ops/pad/op';
import { editingPass } from './pass';

/** Zeros around an image that only a convolution reads are its own padding: no padded copy is made. */
export const fusePad = editingPass('fuse-pad', (editor, graph) => {
  const uses = usesOf(graph);
  for (const node of graph.nodes) {
    if (node.op !== pad.name) continue;
    const reader = soleConsumer(graph, uses, node.outputs[0]);
    const layer = reader && editor.nodes.get(reader.id);
    if (layer?.op !== conv.name || layer.inputs[0] !== node.outputs[0] || layer.inputs.lastIndexOf(node.outputs[0]) !== 0) continue;
    const pads = spatialPads(node, layer.attributes.layout === 'nchw');
    if (!pads) continue;
    const own = (layer.attributes.pads as readonly number[] | undefined) ?? pads.map(() => 0);
    editor.removeNode(node.id);
    editor.replaceNode(layer.id, { inputs: [node.inputs[0], ...layer.inputs.slice(1)], attributes: { ...layer.attributes, pads: own.map((extent, i) => extent + pads[i]) }, origin: mergeOrigins(node, layer) });
  }
});

/** Begins, then ends of the spatial axes; undefined where something else is padded, with something else, or cut off. */
function spatialPads({ attributes }: Node, channelsFirst: boolean): readonly number[] | undefined {
  const [begins, ends] = [attributes.begins, attributes.ends] as readonly (readonly number[])[];
  const [first, last] = channelsFirst ? [2, begins.length] : [1, begins.length - 1];
  const isSpatial = (axis: number): boolean => axis >= first && axis < last;
  const isZero = (attributes.mode ?? 'constant') === 'constant' && (attributes.value ?? 0) === 0;
  if (!isZero || [...begins, ...ends].some((extent) => extent < 0) || begins.some((extent, axis) => !isSpatial(axis) && extent + ends[axis] !== 0)) return undefined;
  return [...begins.slice(first, last), ...ends.slice(first, last)];
}
