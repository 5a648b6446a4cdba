import { agreement } from '../../codegen/agreement';
import type { Finish } from '../../codegen/dsp/finish';
import { allowsSigned, hasFinish, realFinish, saturatingTotals, shareTotals } from '../../codegen/dsp/finish';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import { canPair } from '../../codegen/dsp/pair-stream';
import type { Instance } from '../../codegen/kernel';
import { elementCount } from '../../ir/dtype';
import type { NodeView } from '../op';
import { isFixedInt8 } from '../fixed-weights';
import { isOnnxInt8 } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';

/** What pointwise and convolution kernels for DSP instructions have in common: the product of two pixels with all channels. */

export const CHANNEL_BLOCK = 4;

/** Share of all products from which on a saturating function repays its kilobyte: it saves one instruction in twenty. */
const WORTH_SHARE = 0.1;

/** Convolutions that these kernels compute bit for bit: one image, one group, no dilation, sums in range. */
export function isPairLayer(node: NodeView): boolean {
  if (!(isFixedInt8(node) || isOnnxInt8(node)) || !isPlain2d(node)) return false;
  const m = conv2dMembers(node);
  if (m.batch !== 1 || m.group !== 1 || m.dilation_h !== 1 || m.dilation_w !== 1) return false;
  const facts = layerFacts(node);
  return canPair(facts, CHANNEL_BLOCK) && hasFinish(facts);
}

/** 1×1, stride 1, no padding. */
export function isPointwise(node: NodeView): boolean {
  const m = conv2dMembers(node);
  return m.kernel_h * m.kernel_w === 1 && m.stride_h * m.stride_w === 1 && m.out_h === m.in_h && m.out_w === m.in_w;
}

/** How the layer's sums become codes; layers agree on totals so that they share the machine code. */
export function pairFinish(node: NodeView, peers: readonly NodeView[]): Finish {
  const real = realFinish(layerFacts(node));
  if (real) return real;
  if (!saturatingTotals(layerFacts(node))) return { kind: 'signed' };
  const { totals, isMixed, work } = agreed(node, peers);
  const total = totals.get(node.node.id)!;
  // Where the signed function is there anyway, a second saturating one has to serve much of the work.
  const isSmall = isMixed && work.get(total)! < WORTH_SHARE * [...work.values()].reduce((sum, products) => sum + products, 0);
  return isSmall && allowsSigned(layerFacts(node)) ? { kind: 'signed' } : { kind: 'saturating', total };
}

/** Totals of the layers that saturate, and products by total. */
const agreed = agreement((convolutions) => {
  const layers = convolutions.filter(isPairLayer);
  const saturating = layers.flatMap((peer) => {
    const totals = saturatingTotals(layerFacts(peer));
    return totals ? [{ key: peer.node.id, totals }] : [];
  });
  const totals = shareTotals(saturating);
  const work = new Map<number | undefined, number>();
  for (const peer of layers) {
    const total = totals.get(peer.node.id);
    work.set(total, (work.get(total) ?? 0) + elementCount(peer.outputType().shape) * layerFacts(peer).depth);
  }
  return { totals, work, isMixed: saturating.length < layers.length };
});

/** The function that multiplies, as the generated file defines it. */
export function pairInstance(finish: Finish): Instance {
  switch (finish.kind) {
    case 'signed':
      return { macro: 'TML_PIXEL_PAIR_SIGNED_DSP', name: 'tml_pixel_pair_signed', args: [], codeBytes: 1064 };
    case 'saturating':
      return { macro: 'TML_PIXEL_PAIR_SATURATING_DSP', name: `tml_pixel_pair_${finish.total}`, args: [finish.total], codeBytes: 1000 };
    case 'real':
      return { macro: 'TML_PIXEL_PAIR_REAL_DSP', name: finish.low ? 'tml_pixel_pair_real' : 'tml_pixel_pair_real_0', args: [finish.low], codeBytes: 1088 };
  }
}

export const paddedChannels = (channels: number): number => Math.ceil(channels / CHANNEL_BLOCK) * CHANNEL_BLOCK;

/** Scratch behind the widened pixels for two pixels of results whose channels do not come in fours. */
export const spareBytes = (channels: number): number => (channels % CHANNEL_BLOCK ? 2 * paddedChannels(channels) : 0);
