import { findLayers } from '../budgets/find-layer';
import type { FactorizeStep } from '../compress/steps';
import { costOf } from '../compress/reduce/measures';
import { splitLayer, splittingsOf, type Splitting } from '../../engine/compress/factorize/split-layer';
import type { LowRank } from '../../engine/compress/factorize/low-rank';
import { weightLayers } from '../../engine/compress/plan';
import { formatCount } from '../../base/units';
import { measureOf } from './prune';
import { largestShare, MEASURED_LATER, type Rebuild, type Situation } from './rebuild';

/** Factors of the right sizes without their values: sizes are all that a prediction needs, and the values take long to find. */
const sized = (_weights: ArrayLike<number>, rows: number, columns: number): LowRank => ({
  loss: () => 0,
  factors: (rank) => ({ rank, outer: new Float64Array(rows * rank), inner: new Float64Array(rank * columns) }),
});

/** Layers split into two at ranks that are the same share of what saves something, until the budget is kept. */
export const factorized: Rebuild = async (situation) => {
  const { open: { canonical }, budget } = situation;
  const splittings = splittingsAbout(situation);
  if (!splittings.length) return undefined;
  const found = await largestShare(
    async (share) => {
      const model = splittings.reduce((result, splitting) => splitLayer(result, splitting, Math.max(1, Math.floor(splitting.breakEven * share))), canonical);
      const report = await situation.reportOf({ model });
      return { model, report };
    },
    ({ report }) => costOfParts(situation, report) <= budget.limit,
  );
  if (!found) return undefined;
  const measure = measureOf[budget.resource];
  const only = budget.layer === undefined ? {} : { only: splittings.map(({ name }) => name) };
  const step: Omit<FactorizeStep, 'kind'> = { measure, most: costOf(found.model, measure), ...only };
  return { title: splittings.length === 1 ? `Factorize ${splittings[0].name}` : `Factorize up to ${formatCount(splittings.length)} layers`, report: found.report, plan: { step }, caveat: MEASURED_LATER };
};

/** A layer that was split costs what both of its parts do. */
export function costOfParts({ budget, costOf: cost }: Situation, report: Situation['report']): number {
  const { layer, resource } = budget;
  if (layer === undefined) return cost(report)!;
  const name = findLayers(report.layers, layer)[0]?.name;
  const first = report.layers.find((other) => name !== undefined && other.name.startsWith(`${name}.rank`));
  const own = cost(report)!;
  return first ? own + { flash: first.weightBytes, macs: first.macs, timeUs: first.timeUs ?? 0, energyUj: 0, ram: 0 }[resource] : own;
}

function splittingsAbout({ open: { canonical }, report, budget }: Situation): readonly Splitting[] {
  const names = budget.layer === undefined ? undefined : new Set(findLayers(report.layers, budget.layer).flatMap(({ name, origin }) => [name, ...origin.map((one) => one.name)]));
  const layers = weightLayers(canonical.graph).filter(({ name }) => !names || names.has(name));
  return layers.flatMap((layer) => splittingsOf(canonical, layer, new Map(), sized).slice(0, 1)).filter(({ breakEven }) => breakEven >= 2);
}
