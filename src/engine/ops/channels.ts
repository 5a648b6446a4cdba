import type { Tensor } from '../ir/tensor';
import type { Attributes, Quantization, StaticType } from '../ir/types';
import type { NodeView } from './op';

/** Codes, or real numbers, that a channel (last axis) can have, both included. */
export interface CodeRange {
  readonly low: number;
  readonly high: number;
}

/** What an op does with channels: enough to leave out those that carry nothing. For quantized and float32 results, channels last. */
export interface ChannelRules {
  /** `mixes`: every output channel is made of all input channels; `keeps`: of the same one. Undefined: neither, or not known. */
  flow(node: NodeView): 'mixes' | 'keeps' | undefined;
  /** Output ranges from those of input 0. */
  ranges(node: NodeView, input: readonly CodeRange[]): readonly CodeRange[];
  /** `mixes`: this channel of the input can be left out, as what it adds is always the same. */
  absorbs?(node: NodeView, channel: number, range: CodeRange): boolean;
  /** The node without some channels. */
  without(node: NodeView, change: ChannelChange): { readonly constants?: ReadonlyMap<number, Tensor>; readonly attributes?: Attributes };
}

export interface ChannelChange {
  readonly keptInputs: readonly number[];
  readonly keptOutputs: readonly number[];
  /** What the left-out input channels hold. */
  readonly input: readonly CodeRange[];
}

/** For ops whose result is some code between the smallest and the largest of the same channel. */
export const keepsChannels = (flow: (node: NodeView) => boolean): ChannelRules => ({
  flow: (node) => (flow(node) ? 'keeps' : undefined),
  ranges: (_node, input) => input,
  without: () => ({}),
});

/** Quantization of the kept channels, where there is one for each. */
export function keptQuantization(type: StaticType, axis: number, kept: readonly number[]): Quantization | undefined {
  const { quantization } = type;
  if (!quantization || quantization.axis !== axis) return quantization;
  const pick = (list: readonly number[]): readonly number[] => (list.length > 1 ? kept.map((i) => list[i]) : list);
  return { ...quantization, scale: pick(quantization.scale), zeroPoint: pick(quantization.zeroPoint) };
}
