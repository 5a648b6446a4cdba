import { agreement } from '../../codegen/agreement';
import { finishConstant, saturatingTotals, shareTotals } from '../../codegen/dsp/finish';
import { layerFacts, type LayerFacts } from '../../codegen/dsp/layer-facts';
import type { PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { isFixedInt8 } from '../fixed-weights';
import { isOnnxInt8 } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';

/** What both depthwise kernels for DSP instructions have in common. */

/** 3×3 with one output channel for each input channel, one image. */
export function isDepthwise3x3(node: NodeView): boolean {
  if (!(isFixedInt8(node) || isOnnxInt8(node)) || !isPlain2d(node)) return false;
  const m = conv2dMembers(node);
  return m.batch === 1 && m.group === m.in_c && m.out_c === m.in_c && m.in_c > 1 && m.dilation_h === 1 && m.dilation_w === 1 && m.kernel_h === 3 && m.kernel_w === 3;
}

/** Results of all layers of one shape from which on machine code of their own pays: it saves about four instructions each. */
const WORTH_OWN_CODE = 3000;

/** A layer for the specialised kernels: this stride, results that they round bit for bit, and enough of them. */
export function repaysOwnCode(node: NodeView, stride: number, peers: readonly NodeView[]): boolean {
  if (!isDepthwise3x3(node)) return false;
  const m = conv2dMembers(node);
  return m.stride_h === stride && m.stride_w === stride && (resultsByShape(node, peers).get(shapeKey(node)) ?? 0) >= WORTH_OWN_CODE && saturatingTotals(layerFacts(node)) !== undefined;
}

/** Results of all depthwise layers of each shape. */
const resultsByShape = agreement((convolutions) => {
  const results = new Map<string, number>();
  for (const node of convolutions.filter(isDepthwise3x3)) {
    const { out_h, out_w, out_c } = conv2dMembers(node);
    results.set(shapeKey(node), (results.get(shapeKey(node)) ?? 0) + out_h * out_w * out_c);
  }
  return results;
});

/** What machine code of its own is made for. */
function shapeKey(node: NodeView): string {
  const { in_h, in_w, in_c, out_h, out_w, stride_h, stride_w } = conv2dMembers(node);
  return [in_h, in_w, in_c, out_h, out_w, stride_h, stride_w].join();
}

/** Depthwise layers agree on totals, so that layers of one shape share machine code. */
export const depthwiseTotal = (node: NodeView, peers: readonly NodeView[]): number => agreedTotals(node, peers).get(node.node.id)!;

const agreedTotals = agreement((convolutions) =>
  shareTotals(convolutions.filter((peer) => [1, 2].some((stride) => repaysOwnCode(peer, stride, convolutions))).map((peer) => ({ key: peer.node.id, totals: saturatingTotals(layerFacts(peer))! }))));

/** Nine weights in pairs and the bias of a channel, times `factor`. `transposed`: the kernel sweeps along columns. */
export function depthwiseWords({ channels, weights }: LayerFacts, c: number, factor: number, transposed: boolean): number[] {
  const halves = (low: number, high: number): number => (low & 0xffff) | (high << 16);
  // w(r, j): r across the sweep, j along it.
  const w = (r: number, j: number): number => weights[9 * c + (transposed ? 3 * j + r : 3 * r + j)] * factor;
  return [halves(w(0, 0), w(1, 0)), halves(w(0, 1), w(1, 1)), halves(w(0, 2), w(1, 2)), halves(w(2, 0), w(2, 1)), halves(w(2, 2), 0), (channels[c].bias * factor) | 0];
}

/** Weights, bias, multiplier and constant of each channel, weights and bias times 2^(1+L). */
export function depthwiseStream(node: NodeView, total: number, transposed: boolean): PackedConstant {
  const facts = layerFacts(node);
  const { channels } = facts;
  return {
    role: 'stream', dtype: 'uint32', elements: 8 * channels.length,
    make: () => Uint32Array.from(channels.flatMap((channel, c) => {
      const { mantissa, constant, lift } = finishConstant(channel, facts, { kind: 'saturating', total });
      return [...depthwiseWords(facts, c, channel.constant === undefined ? 2 ** (1 + lift) : 0, transposed), mantissa, constant].map((word) => word >>> 0);
    })),
  };
}
