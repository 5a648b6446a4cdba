import type { PackedConstant } from '../kernel';
import { finishConstant, type Finish } from './finish';
import type { LayerFacts } from './layer-facts';

/**
 * Weights and constants of a layer in the order that tml_pixel_pair_dsp.h and tml_dense_dsp.h read them: blocks of output
 * channels, two channels to a halfword. `slots[i]` is the position in a channel's weights of the i-th value that the kernel
 * loads, -1 for values that count nothing; a multiple of 4.
 */
export interface PairLayout {
  readonly slots: ArrayLike<number>;
  /** Output channels of a block, even. */
  readonly block: number;
  /** What turns sums into codes follows each block; absent where all channels share it. */
  readonly perChannel: boolean;
}

/** Two channels share halfwords, and SXTB16 gets both sums back, while these hold. */
export function canPair(facts: LayerFacts, block: number): boolean {
  const { channels, weights, depth } = facts;
  for (let c = 0; c < channels.length; c++) {
    const channel = channels[c];
    if (channel.constant !== undefined && facts.roundings > 0) continue;
    if (channel.low < -(2 ** 31) || channel.high >= 2 ** 31) return false;
    if ((c % block) % 2 === 0) {
      if (channel.low < -(2 ** 23) || channel.high >= 2 ** 23) return false;
      for (let k = c * depth; k < (c + 1) * depth; k++) if (weights[k] < -127) return false;
    }
  }
  return true;
}

export function pairStream(role: string, facts: LayerFacts, layout: PairLayout, finish: Finish): PackedConstant {
  const { slots, block, perChannel } = layout;
  const blocks = Math.ceil(facts.channels.length / block);
  const elements = blocks * (block + (slots.length * block) / 4 + (perChannel ? finishWords(block, finish) : 0));
  return { role, dtype: 'uint32', elements, make: () => pack(facts, layout, finish, new Uint32Array(elements)) };
}

/** { multiplier, constant, shift } of each channel, or the scale of each and the zero point of all. */
const finishWords = (block: number, finish: Finish): number => (finish.kind === 'real' ? block + 1 : 3 * block);

/** The word that holds a float32. */
export const floatBits = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0];

function pack(facts: LayerFacts, { slots, block, perChannel }: PairLayout, finish: Finish, words: Uint32Array): Uint32Array {
  const { channels, weights, depth } = facts;
  const counts = (c: number): boolean => c < channels.length && (finish.kind === 'real' || channels[c].constant === undefined);
  const weight = (c: number, slot: number): number => (slots[slot] >= 0 && counts(c) ? weights[c * depth + slots[slot]] : 0);
  const bias = (c: number): number => (counts(c) ? channels[c].bias : 0);
  let at = 0;
  for (let first = 0; first < channels.length; first += block) {
    for (let c = first; c < first + block; c += 2) {
      words[at++] = 256 * bias(c) + bias(c + 1);
      words[at++] = bias(c + 1);
    }
    for (let k = 0; k < slots.length; k += 4) {
      // A word widens to the values 0 and 2, then 1 and 3.
      for (const low of [k, k + 1]) {
        for (let c = first; c < first + block; c += 2) {
          const half = (slot: number): number => (256 * weight(c, slot) + weight(c + 1, slot)) & 0xffff;
          words[at++] = half(low) | (half(low + 2) << 16);
        }
      }
    }
    if (!perChannel) continue;
    if (finish.kind === 'real') {
      // Sums of first channels come times 256.
      for (let c = first; c < first + block; c++) words[at++] = c < channels.length ? floatBits(channels[c].scale / ((c - first) % 2 ? 1 : 256)) : 0;
      words[at++] = facts.zeroPoint;
      continue;
    }
    for (let c = first; c < first + block; c++) {
      const { mantissa, constant, shift, lift } = finishConstant(channels[Math.min(c, channels.length - 1)], facts, finish);
      words[at++] = mantissa;
      words[at++] = constant;
      words[at++] = finish.kind === 'signed' ? shift : (c - first) % 2 ? 1 + lift : 7 - lift;
    }
  }
  return words;
}
