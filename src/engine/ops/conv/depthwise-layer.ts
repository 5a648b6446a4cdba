import { finishConstant, saturatingTotals, shareTotals } from '../../codegen/dsp/finish';
import { layerFacts } from '../../codegen/dsp/layer-facts';
import type { PackedConstant } from '../../codegen/kernel';
import type { NodeView } from '../op';
import { isFixedInt8 } from '../weights';
import { conv2dMembers, isPlain2d } from './conv2d-params';

/** What both depthwise kernels for DSP instructions have in common. */

/** 3×3 with one output channel for each input channel, and results that the kernels round bit for bit. */
export function isDepthwise3x3(node: NodeView, stride: number): boolean {
  if (!isFixedInt8(node) || !isPlain2d(node)) return false;
  const m = conv2dMembers(node);
  if (m.batch !== 1 || m.group !== m.in_c || m.out_c !== m.in_c || m.in_c === 1 || m.dilation_h !== 1 || m.dilation_w !== 1) return false;
  if (m.kernel_h !== 3 || m.kernel_w !== 3 || m.stride_h !== stride || m.stride_w !== stride) return false;
  return saturatingTotals(layerFacts(node)) !== undefined;
}

/** Depthwise layers agree on totals, so that layers of one shape share machine code. */
export function depthwiseTotal(node: NodeView, peers: readonly NodeView[]): number {
  const layers = peers
    .filter((peer) => peer.node.op === node.node.op && (isDepthwise3x3(peer, 1) || isDepthwise3x3(peer, 2)))
    .map((peer) => ({ key: peer.node.id, totals: saturatingTotals(layerFacts(peer))! }));
  return shareTotals(layers).get(node.node.id)!;
}

/** Nine weights, bias, multiplier and constant of each channel, times 2^(1+L). `transposed`: the kernel sweeps along columns. */
export function depthwiseStream(node: NodeView, total: number, transposed: boolean): PackedConstant {
  const facts = layerFacts(node);
  const { channels, weights } = facts;
  const halves = (low: number, high: number): number => ((low & 0xffff) | (high << 16)) >>> 0;
  return {
    role: 'stream', dtype: 'uint32', elements: 8 * channels.length,
    make: () => Uint32Array.from(channels.flatMap((channel, c) => {
      const { mantissa, constant, lift } = finishConstant(channel, facts, { kind: 'saturating', total });
      const factor = channel.constant === undefined ? 2 ** (1 + lift) : 0;
      // w(r, j): r across the sweep, j along it.
      const w = (r: number, j: number): number => weights[9 * c + (transposed ? 3 * j + r : 3 * r + j)] * factor;
      return [
        halves(w(0, 0), w(1, 0)), halves(w(0, 1), w(1, 1)), halves(w(0, 2), w(1, 2)), halves(w(2, 0), w(2, 1)), halves(w(2, 2), 0),
        (channel.bias * factor) | 0, mantissa, constant,
      ].map((word) => word >>> 0);
    })),
  };
}
