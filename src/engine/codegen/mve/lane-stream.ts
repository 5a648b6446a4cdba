import { floatBits } from '../dsp/pair-stream';
import type { LayerFacts } from '../dsp/layer-facts';
import type { PackedConstant } from '../kernel';

/** Values of a pixel that one instruction multiplies. */
export const LANES = 16;

export const inLanes = (values: number): number => Math.ceil(values / LANES) * LANES;

/** True where the vector forms of both rounding rules are exact: sums in 32 bits; in fixed point two roundings, no left shift. */
export function fitsLanes({ channels, roundings }: LayerFacts): boolean {
  const inRange = channels.every((c) => c.low >= -(2 ** 31) && c.high < 2 ** 31);
  return inRange && (roundings === 0 || (roundings === 2 && channels.every((c) => c.shift >= 0 && c.shift <= 31)));
}

/** Constants that turn sums into codes, in the order of tml_mve.h. */
export function codeConstants(facts: LayerFacts): readonly ((c: number) => number)[] {
  const { channels, roundings } = facts;
  const bias = (c: number): number => channels[c].bias;
  return roundings === 0 ? [bias, (c) => floatBits(channels[c].scale)] : [bias, (c) => channels[c].mantissa, (c) => -channels[c].shift];
}

/** Weights and constants of a layer in blocks of channels: sixteen weights of each channel, the next sixteen, ..., constants. */
export function laneStream(role: string, facts: LayerFacts, block: number): PackedConstant {
  const blocks = Math.ceil(facts.channels.length / block);
  const constants = codeConstants(facts);
  const elements = blocks * block * (inLanes(facts.depth) / 4 + constants.length);
  return { role, dtype: 'uint32', elements, make: () => pack(facts, block, constants, new Uint32Array(elements)) };
}

function pack({ channels, weights, depth }: LayerFacts, block: number, constants: readonly ((c: number) => number)[], words: Uint32Array): Uint32Array {
  const weight = (c: number, k: number): number => (c < channels.length && k < depth ? weights[c * depth + k] & 0xff : 0);
  let at = 0;
  for (let first = 0; first < channels.length; first += block) {
    for (let k = 0; k < depth; k += LANES) {
      for (let c = first; c < first + block; c++) {
        for (let i = k; i < k + LANES; i += 4) words[at++] = (weight(c, i) | (weight(c, i + 1) << 8) | (weight(c, i + 2) << 16) | (weight(c, i + 3) << 24)) >>> 0;
      }
    }
    for (const constant of constants) for (let c = first; c < first + block; c++) words[at++] = c < channels.length ? constant(c) : 0;
  }
  return words;
}
