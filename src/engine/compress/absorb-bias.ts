import { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, tensorOf } from '../ir/tensor';
import type { Model, NodeId, StaticType } from '../ir/types';
import { layerPairs, weightsPerOutput, type ChannelRanges } from './layer-pairs';

/**
 * High-bias absorption (Nagel et al. 2019, section 4.1.3): what a channel never falls below is taken off the first layer's bias
 * and put into the second one's, so that the range between them holds only what varies. Exact for inputs that stay above the
 * smallest number seen, and only done where the second layer does not pad.
 */
export function absorbBias(model: Model, ranges: ReadonlyMap<NodeId, ChannelRanges>): { model: Model; channels: number } {
  const editor = GraphEditor.of(model.graph);
  let moved = 0;
  for (const { first, second, channels, channelOfWeight, isPadded } of layerPairs(model)) {
    const seen = ranges.get(first.id);
    const clampMin = (first.attributes.clampMin as number | undefined) ?? -Infinity;
    if (!seen || isPadded || clampMin > 0 || first.attributes.clampMax !== undefined) continue;
    const shift = Float64Array.from({ length: channels }, (_, c) => (seen.min[c] > Math.max(0, clampMin) ? seen.min[c] : 0));
    const count = shift.filter((s) => s > 0).length;
    if (!count) continue;
    moved += count;
    const weights = constantTensor(model.graph.values.get(second.inputs[1]!)!);
    const depth = weightsPerOutput(weights.type);
    const added = new Float64Array(weights.type.shape[0]);
    weights.data.forEach((w, i) => (added[Math.floor(i / depth)] += w * shift[channelOfWeight[i]]));
    changeBias(editor, first.id, shift.map((s) => -s));
    changeBias(editor, second.id, added);
  }
  return { model: { ...model, graph: editor.finish() }, channels: moved };
}

function changeBias(editor: GraphEditor, id: NodeId, change: Float64Array): void {
  const node = editor.nodes.get(id)!;
  const bias = node.inputs[2] === undefined ? undefined : editor.value(node.inputs[2]);
  const old = bias && constantTensor(bias).data;
  const type: StaticType = { dtype: 'float32', shape: [change.length] };
  const tensor = tensorOf(type, change.map((x, i) => x + (old ? old[i] : 0)));
  editor.replaceNode(id, { inputs: [node.inputs[0], node.inputs[1], editor.addValue(bias?.name ?? `${node.name}.bias`, type, constantOf(tensor))] });
}
