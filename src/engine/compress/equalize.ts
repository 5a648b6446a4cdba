import { GraphEditor } from '../ir/edit';
import { constantOf, constantTensor, tensorOf, type Tensor } from '../ir/tensor';
import type { Model, NodeId, StaticType, ValueId } from '../ir/types';
import { layerPairs, weightsPerOutput, type ChannelRanges, type LayerPair } from './layer-pairs';

/**
 * Cross-layer equalization (Nagel et al. 2019, arXiv 1906.04721): each channel between two layers is divided by a factor in the
 * first layer and multiplied by it in the second, so that no channel is lost in a scale that suits another. The model computes
 * the same. Where channel ranges were measured, they count instead of the first layer's weights: its scales are per channel
 * already, those of its result are not.
 */
export function equalize(model: Model, ranges?: ReadonlyMap<NodeId, ChannelRanges>): { model: Model; pairs: number } {
  const editor = GraphEditor.of(model.graph);
  const constants = new Map<ValueId, Tensor>();
  const pairs = layerPairs(model).filter((pair) => isHomogeneous(pair, ranges?.get(pair.first.id)));
  const tensorAt = (id: ValueId): Tensor => {
    let tensor = constants.get(id);
    if (!tensor) {
      const original = constantTensor(model.graph.values.get(id)!);
      constants.set(id, (tensor = tensorOf(original.type, Float64Array.from(original.data))));
    }
    return tensor;
  };
  const measured = new Map(pairs.map((pair) => [pair, ranges && Float64Array.from({ length: pair.channels }, (_, c) => ranges.get(pair.first.id)!.largest(c))]));
  for (let sweep = 0; sweep < SWEEPS; sweep++) for (const pair of pairs) equalizePair(pair, tensorAt, measured.get(pair));
  for (const { first } of pairs) {
    const { clampMax: _removed, ...attributes } = first.attributes;
    if ('clampMax' in first.attributes) editor.replaceNode(first.id, { attributes });
  }
  // Constants may be shared with other layers: these get their own.
  for (const node of [...editor.nodes.values()]) {
    if (!pairs.some(({ first, second }) => first.id === node.id || second.id === node.id)) continue;
    const inputs = node.inputs.map((id) => (id !== undefined && constants.has(id) ? replaced(editor, id, constants.get(id)!) : id));
    editor.replaceNode(node.id, { inputs });
  }
  return { model: { ...model, graph: editor.finish() }, pairs: pairs.length };
}

/** Later pairs change the weights that earlier ones were balanced against: a few sweeps settle. */
const SWEEPS = 4;

/** A factor on a channel passes through the first layer's clamp; an upper bound that no number reached may go. */
function isHomogeneous({ first }: LayerPair, ranges: ChannelRanges | undefined): boolean {
  const { clampMin, clampMax } = first.attributes;
  if (clampMin !== undefined && clampMin !== 0) return false;
  return clampMax === undefined || (ranges !== undefined && ranges.max.every((max) => max < (clampMax as number)));
}

function equalizePair({ first, second, channels, channelOfWeight }: LayerPair, tensorAt: (id: ValueId) => Tensor, measured: Float64Array | undefined): void {
  const [before, after] = [tensorAt(first.inputs[1]!), tensorAt(second.inputs[1]!)];
  const bias = first.inputs[2] === undefined ? undefined : tensorAt(first.inputs[2]);
  const depth = weightsPerOutput(before.type);
  const incoming = new Float64Array(channels);
  if (measured) incoming.set(measured);
  else before.data.forEach((w, i) => (incoming[Math.floor(i / depth)] = Math.max(incoming[Math.floor(i / depth)], Math.abs(w))));
  const outgoing = new Float64Array(channels);
  channelOfWeight.forEach((channel, i) => (outgoing[channel] = Math.max(outgoing[channel], Math.abs(after.data[i]))));
  const factor = Float64Array.from(incoming, (range, c) => (range > 0 && outgoing[c] > 0 ? Math.sqrt(range / outgoing[c]) : 1));
  for (let i = 0; i < before.data.length; i++) before.data[i] /= factor[Math.floor(i / depth)];
  if (bias) for (let c = 0; c < channels; c++) bias.data[c] /= factor[c];
  for (let i = 0; i < after.data.length; i++) after.data[i] *= factor[channelOfWeight[i]];
  if (measured) for (let c = 0; c < channels; c++) measured[c] /= factor[c];
}

function replaced(editor: GraphEditor, id: ValueId, tensor: Tensor): ValueId {
  return editor.addValue(editor.value(id).name, tensor.type satisfies StaticType, constantOf(tensor));
}
