import type { LayerFacts } from '../../app/engine-contract';
import type { LayerMeasurement } from '../../app/run-contract';
import { floatOfBits } from '../../device/protocol/trace-collector';
import { codeRange, elementCount } from '../../engine/ir/dtype';
import type { LayerRangeView, LayersView, LayerTimeView } from '../../messages/device';

interface Seen {
  us: number;
  ticks: number;
  least: number;
  most: number;
  saturated: number;
  elements: number;
}

/** What the layers of one run did: the latest times, and the numbers of all runs that were told of. */
export class LayerRecorder {
  private readonly seen = new Map<number, Seen>();

  constructor(private readonly facts: readonly LayerFacts[], private readonly modelledUs: readonly (number | undefined)[]) {}

  measure(layers: readonly LayerMeasurement[]): void {
    for (const { layer, us, ticks, least, most, atLeast, atMost } of layers) {
      const facts = this.facts[layer];
      if (!facts) continue;
      const { bound, dtype, shape } = facts;
      const number = (bits: number): number => (dtype === 'float32' ? floatOfBits(bits) : signed(bits));
      const before = this.seen.get(layer) ?? { us, ticks, least: Infinity, most: -Infinity, saturated: 0, elements: 0 };
      this.seen.set(layer, {
        us, ticks,
        least: Math.min(before.least, number(least)),
        most: Math.max(before.most, number(most)),
        saturated: before.saturated + (bound.low ? 0 : atLeast) + (bound.high ? 0 : atMost),
        elements: before.elements + elementCount(shape),
      });
    }
  }

  view(basis: string, arenaBytes: number, stack: LayersView['stack']): LayersView {
    const layers = this.facts.flatMap((facts, index): LayerTimeView[] => {
      const seen = this.seen.get(index);
      return seen ? [{ index, name: facts.name, label: facts.label, us: seen.us, ticks: seen.ticks, modelledUs: this.modelledUs[index] ?? null, range: rangeOf(facts, seen) }] : [];
    });
    const modelled = layers.map(({ modelledUs }) => modelledUs);
    const modelledTotalUs = layers.length > 0 && modelled.every((us) => us !== null) ? modelled.reduce((sum, us) => sum + us, 0) : null;
    return { basis, layers, arenaBytes, stack, modelledTotalUs, totalUs: layers.reduce((sum, { us }) => sum + us, 0) };
  }
}

const signed = (bits: number): number => bits | 0;

function rangeOf({ dtype, scale, zeroPoint }: LayerFacts, { least, most, saturated, elements }: Seen): LayerRangeView | null {
  if (scale === undefined || zeroPoint === undefined) return null;
  const real = (code: number): number => (code - zeroPoint) * scale;
  const [low, high] = codeRange(dtype);
  return { low: real(low), high: real(high), least: real(least), most: real(most), saturated: elements ? saturated / elements : 0 };
}
