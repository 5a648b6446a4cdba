import { findLayers } from '../budgets/find-layer';
import type { FactorizeStep } from '../compress/steps';
import { splitLayer, splittingsOf, type Splitting } from '../../engine/compress/factorize/split-layer';
import type { LowRank } from '../../engine/compress/factorize/low-rank';
import { weightLayers } from '../../engine/compress/plan';
import type { Model } from '../../engine/ir/types';
import { formatCount } from '../../base/units';
import { measureOf } from './prune';
import { largestShare, MEASURED_LATER, NO_REAL_FORM, outOfReach, type Rebuild, type Situation } from './rebuild';

/**
 * Factors of the right sizes without their values: sizes are all that a prediction needs, and the values take long to find. Of both
 * signs and none zero, as channels that nothing opens would be folded away.
 */
const sized = (_weights: ArrayLike<number>, rows: number, columns: number): LowRank => ({
  loss: () => 0,
  factors: (rank) => ({ rank, outer: made(rows * rank), inner: made(rank * columns) }),
});

const made = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => (i % 2 ? -1 : 1) * (1 + ((i * 7) % 13)));

/** Layers split into two at ranks that are the same share of what saves something, until the budget is kept. */
export const factorized: Rebuild = async (situation) => {
  const { real, budget } = situation;
  if (!real) return NO_REAL_FORM;
  const splittings = splittingsAbout(situation, real.model);
  if (!splittings.length) return { why: 'No layer of it can be split: depthwise and grouped layers, and small ones, would grow.' };
  const found = await largestShare(
    async (share) => {
      const ranks = splittings.map(({ breakEven }) => Math.max(1, Math.floor(breakEven * share)));
      const model = splittings.reduce((result, splitting, i) => splitLayer(result, splitting, ranks[i]), real.model);
      return { ranks, report: await situation.reportOf({ model: real.coded(model) }) };
    },
    ({ report }) => costOfParts(situation, report) <= budget.limit,
  );
  if (!found) return outOfReach('Factorizing');
  const step: Omit<FactorizeStep, 'kind'> = { measure: measureOf[budget.resource], ranks: Object.fromEntries(splittings.map(({ name }, i) => [name, found.ranks[i]])) };
  return { title: splittings.length === 1 ? `Factorize ${splittings[0].name}` : `Factorize ${formatCount(splittings.length)} layers`, report: found.report, plan: { step }, caveat: MEASURED_LATER };
};

/** A layer that was split costs what both of its parts do. */
export function costOfParts({ budget, costOf: cost }: Pick<Situation, 'budget' | 'costOf'>, report: Situation['report']): number {
  const { layer, resource } = budget;
  if (layer === undefined) return cost(report)!;
  const name = findLayers(report.layers, layer)[0]?.name;
  const first = report.layers.find((other) => name !== undefined && other.name.startsWith(`${name}.rank`));
  const own = cost(report)!;
  return first ? own + { flash: first.weightBytes, macs: first.macs, timeUs: first.timeUs ?? 0, energyUj: 0, ram: 0 }[resource] : own;
}

function splittingsAbout({ report, budget }: Situation, model: Model): readonly Splitting[] {
  const names = budget.layer === undefined ? undefined : new Set(findLayers(report.layers, budget.layer).flatMap(({ name, origin }) => [name, ...origin.map((one) => one.name)]));
  const layers = weightLayers(model.graph).filter(({ name }) => !names || names.has(name));
  return layers.flatMap((layer) => splittingsOf(model, layer, new Map(), sized).slice(0, 1)).filter(({ breakEven }) => breakEven >= 2);
}
