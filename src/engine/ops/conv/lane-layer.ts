import { layerFacts } from '../../codegen/dsp/layer-facts';
import { fitsLanes, inLanes, laneStream } from '../../codegen/mve/lane-stream';
import type { Instance, PackedConstant } from '../../codegen/kernel';
import { isFixedInt8 } from '../fixed-weights';
import type { NodeView } from '../op';
import { isOnnxInt8 } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';
import { CHANNEL_BLOCK } from './pair-layer';

/** What pointwise and convolution kernels for Helium have in common. */

/** Convolutions that they compute bit for bit: one image, one group, no dilation. */
export function isLaneLayer(node: NodeView): boolean {
  if (!(isFixedInt8(node) || isOnnxInt8(node)) || !isPlain2d(node)) return false;
  const m = conv2dMembers(node);
  return m.batch === 1 && m.group === 1 && m.dilation_h === 1 && m.dilation_w === 1 && fitsLanes(layerFacts(node));
}

interface LanePlan {
  readonly instance: Instance;
  readonly stream: PackedConstant;
  /** Members of the parameter struct that both kernels have. */
  readonly members: Readonly<Record<string, number | { readonly c: string }>>;
}

export function lanePlan(node: NodeView): LanePlan {
  const facts = layerFacts(node);
  const stream = laneStream('stream', facts, CHANNEL_BLOCK);
  const instance: Instance =
    facts.roundings === 0
      ? { macro: 'TML_PIXEL_PAIR_REAL_MVE', name: 'tml_pixel_pair_real_mve', args: [], codeBytes: 262 }
      : { macro: 'TML_PIXEL_PAIR_FIXED_MVE', name: 'tml_pixel_pair_fixed_mve', args: [], codeBytes: 282 };
  const [low, high] = facts.range.map((code) => code - facts.zeroPoint);
  return { instance, stream, members: { bytes: inLanes(facts.depth), stream_words: stream.elements, zero_point: facts.zeroPoint, low, high, multiply: { c: instance.name } } };
}
