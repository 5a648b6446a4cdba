import type { ChannelFacts, LayerFacts } from './layer-facts';

/**
 * The ways in which kernels for DSP instructions turn sums into codes, and when each is exact.
 *
 * `saturating`: V = sum << (1 + L), code = sat8((high(V * m) + C) >> total) with L = total - shift. Nested floors make it the
 * double rounding for sums >= 0; for sums below 0 only if all of them end at the lowest code anyway.
 * `signed`: code = sat8((round(2 sum * m / 2^32) + C + (sum < 0 ? -1 : 0)) >> shift), any zero point.
 * `real`: code = sat8(round_to_even((float)sum * scale) + zero point), the rule of onnxruntime; `low` is the lowest code, -128 or 0.
 */
export type Finish = { readonly kind: 'saturating'; readonly total: number } | { readonly kind: 'signed' } | { readonly kind: 'real'; readonly low: -128 | 0 };

/** The zero point shifted by this much, plus a product, still fits 32 bits. */
const LARGEST_SHIFT = 22;

/** Totals for which `saturating` is exact on this layer; undefined where there is none. `maxLift` bounds L. */
export function saturatingTotals(facts: LayerFacts, maxLift = 7): readonly [number, number] | undefined {
  const [low, high] = facts.range;
  if (facts.roundings === 0 || low !== -128 || high !== 127 || (facts.roundings === 2 && facts.zeroPoint !== -128)) return undefined;
  let [least, most] = [1, LARGEST_SHIFT];
  for (const channel of facts.channels) {
    if (channel.constant !== undefined) continue;
    if (channel.shift < 0) return undefined;
    const size = Math.max(Math.abs(channel.low), Math.abs(channel.high), 1);
    const lift = Math.min(maxLift, Math.floor(Math.log2((2 ** 31 - 1) / size)) - 1);
    least = Math.max(least, channel.shift + 1);
    most = Math.min(most, channel.shift + lift);
  }
  return least <= most ? [least, most] : undefined;
}

/** True where `signed` is exact on this layer. */
export function allowsSigned(facts: LayerFacts): boolean {
  const [low, high] = facts.range;
  return low === -128 && high === 127 && facts.roundings === 2 && facts.channels.every((c) => c.constant !== undefined || (c.shift >= 1 && c.shift <= LARGEST_SHIFT && Math.max(-c.low, c.high) < 2 ** 30));
}

/** `real` for this layer, where it is exact; sums must fit 32 bits, which canPair asks for. */
export function realFinish({ roundings, range }: LayerFacts): Finish | undefined {
  const [low, high] = range;
  return roundings === 0 && high === 127 && (low === -128 || low === 0) ? { kind: 'real', low } : undefined;
}

/** True where one of the forms is exact on this layer. */
export const hasFinish = (facts: LayerFacts): boolean => saturatingTotals(facts) !== undefined || allowsSigned(facts) || realFinish(facts) !== undefined;

/** Fewest totals that serve all layers, each layer with the one that was chosen for it: the fewer, the less code. */
export function shareTotals<T>(layers: readonly { readonly key: T; readonly totals: readonly [number, number] }[]): Map<T, number> {
  const chosen = new Map<T, number>();
  const open = [...layers].sort((a, b) => a.totals[1] - b.totals[1]);
  while (open.length) {
    const total = open[0].totals[1];
    for (let i = open.length - 1; i >= 0; i--) {
      if (open[i].totals[0] <= total) chosen.set(open.splice(i, 1)[0].key, total);
    }
  }
  return chosen;
}

/** Addend of the high product in either form; the code of a constant channel comes from it alone. */
export function finishConstant(channel: ChannelFacts, facts: LayerFacts, finish: Exclude<Finish, { kind: 'real' }>): { readonly mantissa: number; readonly constant: number; readonly shift: number; readonly lift: number } {
  const shift = channel.constant === undefined ? channel.shift : finish.kind === 'saturating' ? finish.total - 1 : 1;
  const total = finish.kind === 'saturating' ? finish.total : shift;
  const lift = total - shift;
  if (channel.constant !== undefined) return { mantissa: 0, constant: channel.constant * 2 ** total, shift, lift };
  const zero = facts.zeroPoint * 2 ** total;
  if (finish.kind === 'signed') return { mantissa: channel.mantissa, constant: 2 ** (shift - 1) + zero, shift, lift };
  // The first rounding adds half of the bit that is dropped first, the second half of the bit dropped last.
  const first = facts.roundings === 2 ? 2 ** (lift - 1) : 0;
  const second = shift > 0 || facts.roundings === 1 ? 2 ** (total - 1) : 0;
  return { mantissa: channel.mantissa, constant: first + second + zero, shift, lift };
}
