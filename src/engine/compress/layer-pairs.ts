import { elementCount, isStatic } from '../ir/dtype';
import { soleConsumer, usesOf } from '../ir/traverse';
import type { Model, Node, StaticType, ValueId } from '../ir/types';
import { opOf } from '../ops/table';
import { imageOf, stridesOf, type Layout } from '../ops/window';
import { layerRows } from './layer-rows';
import { weightLayers } from './plan';

/**
 * Two layers with weights, the second of which alone reads what the first makes, with nothing between them but what treats each
 * channel by itself: a factor, or a constant, can move from one to the other.
 */
export interface LayerPair {
  readonly first: Node;
  readonly second: Node;
  /** The first layer's result: channels are those of this value. */
  readonly value: ValueId;
  readonly channels: number;
  /** Channel of each element of `value`. */
  channelOf(element: number): number;
  /** Channel that each weight of the second layer is multiplied with, [outputs, depth] flattened. */
  readonly channelOfWeight: Int32Array;
  /** The second layer's window reaches into padding, which is zero whatever is done to the channels. */
  readonly isPadded: boolean;
}

export function layerPairs(model: Model): LayerPair[] {
  const layers = new Set(weightLayers(model.graph).map((node) => node.id));
  return model.graph.nodes.filter((node) => layers.has(node.id)).flatMap((first) => pairFrom(model, first, layers) ?? []);
}

function pairFrom(model: Model, first: Node, layers: ReadonlySet<number>): LayerPair | undefined {
  const { graph } = model;
  const uses = usesOf(graph);
  const [value] = first.outputs;
  let channelOf = channelsOf(graph.values.get(value)!.type as StaticType, first);
  const own = channelOf;
  let id = value;
  for (;;) {
    const next = soleConsumer(graph, uses, id);
    if (!next || next.inputs[0] !== id) return undefined;
    if (layers.has(next.id)) return finishPair(model, first, next, value, own, channelOf);
    const op = opOf(next);
    const { type } = graph.values.get(next.outputs[0])!;
    if (!isStatic(type)) return undefined;
    // Pooling has windows in one channel; a view keeps the order of elements.
    if (op.imageInputs && op.quantization && next.inputs.length === 1 && next.outputs.length === 1) channelOf = channelsOf(type, next);
    else if (!op.isView) return undefined;
    [id] = next.outputs;
  }
}

/** Channel of each element of what a node makes: its image's channel, or the last axis. */
function channelsOf(type: StaticType, node: Node): (element: number) => number {
  const layout = node.attributes.layout as Layout | undefined;
  if (!layout) {
    const last = type.shape[type.shape.length - 1];
    return (element) => element % last;
  }
  const image = imageOf(type.shape, layout);
  const stride = stridesOf(image, layout).channel;
  return (element) => Math.floor(element / stride) % image.channels;
}

function finishPair(model: Model, first: Node, second: Node, value: ValueId, own: LayerPair['channelOf'], channelOf: LayerPair['channelOf']): LayerPair | undefined {
  const rows = layerRows(model, second);
  if (!rows || !layerRows(model, first)) return undefined;
  const { depth, groups, offsets, groupStride, count } = rows;
  const outputs = (model.graph.values.get(second.inputs[1]!)!.type as StaticType).shape[0];
  const channels = (model.graph.values.get(first.inputs[1]!)!.type as StaticType).shape[0];
  const channelOfWeight = new Int32Array(outputs * depth);
  for (let k = 0; k < depth; k++) {
    for (let group = 0; group < groups; group++) {
      let channel = -1;
      for (let row = 0; row < count; row++) {
        const at = offsets[row * depth + k];
        if (at < 0) continue;
        const here = channelOf(at + group * groupStride);
        if (channel >= 0 && channel !== here) return undefined;
        channel = here;
      }
      if (channel < 0 || channel >= channels) return undefined;
      const perGroup = outputs / groups;
      for (let o = group * perGroup; o < (group + 1) * perGroup; o++) channelOfWeight[o * depth + k] = channel;
    }
  }
  return { first, second, value, channels, channelOf: own, channelOfWeight, isPadded: offsets.includes(-1) };
}

/** Smallest and largest number of each channel of a value. */
export class ChannelRanges {
  readonly min: Float64Array;
  readonly max: Float64Array;

  constructor(private readonly pair: LayerPair) {
    this.min = new Float64Array(pair.channels).fill(Infinity);
    this.max = new Float64Array(pair.channels).fill(-Infinity);
  }

  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const channel = this.pair.channelOf(i);
      if (values[i] < this.min[channel]) this.min[channel] = values[i];
      if (values[i] > this.max[channel]) this.max[channel] = values[i];
    }
  }

  largest(channel: number): number {
    return Math.max(Math.abs(this.min[channel]), Math.abs(this.max[channel]));
  }
}

export const weightsPerOutput = (type: StaticType): number => elementCount(type.shape) / type.shape[0];
