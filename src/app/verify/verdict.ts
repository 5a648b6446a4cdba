import { formatCount } from '../../base/units';
import { shortened } from '../../base/shorten';
import type { VerifyReport } from './verify-contract';

/** Characters of a layer's name in a sentence. */
const NAME = 48;

/** The finding in one sentence or two: first what is so, then what it does to the labels. */
export function verdictOf({ layers, first, traced, labels, bytes, otherWeights }: Omit<VerifyReport, 'verdict'>): string {
  const changed = labels.boardAndHost.of - labels.boardAndHost.equal;
  const changes = changed === 0 ? 'No label changes.' : `${formatCount(changed)} of ${formatCount(bytes.of)} labels change.`;
  if (first) {
    const { dtype } = layers[first.layer];
    const name = shortened(layers[first.layer].name, NAME);
    const by = dtype.startsWith('float') ? first.max.toPrecision(3) : formatCount(first.max);
    const values = `Here ${formatCount(first.differ)} of ${formatCount(first.of)} values differ by up to ${by}.`;
    return `Board and host first differ at layer ${first.layer}, ${name}. ${changes} ${values}`;
  }
  if (otherWeights.length) return `The board has other weights in layer ${otherWeights[0]}, ${shortened(layers[otherWeights[0]].name, NAME)}, though these samples do not show it. ${changes}`;
  const outputs = `${formatCount(bytes.equal)} of ${formatCount(bytes.of)} outputs are equal`;
  if (bytes.equal < bytes.of) return `Board and host differ: ${outputs}. ${changes}`;
  return traced ? `Board and host agree: ${outputs}, and all ${formatCount(traced.of)} layers.` : `Board and host agree: ${outputs}.`;
}
