import type { CompressRequest } from '../../app/engine-contract';
import type { QuantizeKind } from '../../app/compress/kinds';
import { pick } from './pick';

/** What a user chose: a kind, and what belongs to it. */
export type Quantizing = Pick<CompressRequest, 'groupSize' | 'budget'> & { readonly quantize: QuantizeKind };

/** Every kind in the order of what it costs in accuracy, and what it is good for. */
const kinds: Readonly<Record<QuantizeKind, { readonly label: string; readonly description: string; readonly inGroups?: true }>> = {
  int8: { label: 'int8', description: 'weights and activations: smallest RAM, fastest kernels' },
  auto: { label: 'auto', description: 'int8, with 16 bits or float in the layers that need it' },
  int16x8: { label: 'int16x8', description: 'activations of 16 bits: nearest to float among integers, twice the RAM of int8' },
  mixed: { label: 'mixed', description: 'weights of 8, 4 or 2 bits, layer by layer, within a share of the flash of int8' },
  float16: { label: 'float16 weights', description: 'half the flash, activations stay real' },
  hybrid: { label: 'int8 weights', description: 'a quarter of the flash, activations stay real', inGroups: true },
  int4: { label: 'int4 weights', description: 'an eighth of the flash, activations stay real', inGroups: true },
  int2: { label: 'int2 weights', description: 'a sixteenth of the flash', inGroups: true },
  ternary: { label: 'ternary weights', description: '-1, 0 and 1: two bits each', inGroups: true },
  binary: { label: 'binary weights', description: '-1 and 1: a bit each in generated C', inGroups: true },
};

const shares = [90, 80, 70, 60, 50];
const groups = [
  { label: 'One scale for each output channel', description: 'smallest', groupSize: undefined },
  ...[128, 64, 32, 16].map((groupSize) => ({ label: `One for each ${groupSize} weights`, description: `about ${((32 / groupSize)).toFixed(2)} bits more for each weight, less error`, groupSize })),
];

export async function askQuantization(): Promise<Quantizing> {
  const title = 'Quantize as';
  const all = (Object.keys(kinds) as QuantizeKind[]).map((quantize) => ({ ...kinds[quantize], quantize }));
  const { quantize, inGroups } = await pick(all, title);
  if (quantize === 'mixed') {
    const { share } = await pick(shares.map((share) => ({ label: `${share} % of the flash of int8`, share })), `${title}: how small?`);
    return { quantize, budget: { flashShare: share / 100 } };
  }
  if (!inGroups) return { quantize };
  const { groupSize } = await pick(groups, `${title}: scales of the weights`);
  return { quantize, ...(groupSize ? { groupSize } : {}) };
}
