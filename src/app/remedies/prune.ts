import { findLayers } from '../budgets/find-layer';
import type { Cost } from '../budgets/measure';
import type { RealForm } from '../compress/real-form';
import type { PruneStep } from '../compress/steps';
import type { Measure } from '../compress/reduce/measure';
import { CHANNEL_BLOCK } from '../compress/reduce/measures';
import { leaveOut } from '../../engine/compress/prune/leave-out';
import { sitesOf, type Site } from '../../engine/compress/prune/units';
import { formatCount } from '../../base/units';
import { largestShare, MEASURED_LATER, NO_REAL_FORM, outOfReach, type Rebuild, type Situation } from './rebuild';

export const measureOf: Readonly<Record<Cost, Measure>> = { flash: 'flash', ram: 'ram', macs: 'macs', timeUs: 'time', energyUj: 'time' };

/** Channels left out evenly until the budget is kept. Sizes do not depend on which channels go, so that the result has those that are predicted. */
export const pruned: Rebuild = async (situation) => {
  const { real, budget } = situation;
  if (!real) return NO_REAL_FORM;
  const sites = sitesAbout(situation, real);
  if (!sites.length) return { why: 'No channel of it can go: what reads or makes them needs all.' };
  const found = await largestShare(
    async (share) => {
      const widths = sites.map((site) => widthOf(site.units.length, share));
      const model = leaveOut(real.model, sites.flatMap((site, i) => site.units.slice(widths[i])));
      return { widths, report: await situation.reportOf({ model: real.coded(model) }) };
    },
    ({ report }) => situation.costOf(report)! <= budget.limit,
  );
  if (!found) return outOfReach('Pruning');
  const all = sites.reduce((sum, site) => sum + site.units.length, 0);
  const gone = all - found.widths.reduce((sum, width) => sum + width, 0);
  const widths = Object.fromEntries(sites.flatMap((site, i) => (found.widths[i] < site.units.length ? [[site.name, found.widths[i]]] : [])));
  const step: Omit<PruneStep, 'kind'> = { measure: measureOf[budget.resource], widths };
  return { title: `Prune ${formatCount(gone)} of ${formatCount(all)} channels`, report: found.report, plan: { step }, caveat: MEASURED_LATER };
};

/** Channels that can go: of a layer its own and those that it reads. */
function sitesAbout({ report, budget }: Situation, { model }: RealForm): readonly Site[] {
  const sites = sitesOf(model);
  if (budget.layer === undefined) return sites;
  const names = new Set(findLayers(report.layers, budget.layer).flatMap(({ name, origin }) => [name, ...origin.map((one) => one.name)]));
  const ids = new Set(model.graph.nodes.filter(({ name, origin }) => names.has(name) || origin.some((one) => names.has(one.name))).map(({ id }) => id));
  return sites.filter(({ makers, readers }) => [...makers, ...readers].some((id) => ids.has(id)));
}

/** Full blocks of channels where there are several, so that kernels have nothing to fill up. */
function widthOf(count: number, share: number): number {
  const unit = count > 4 * CHANNEL_BLOCK ? CHANNEL_BLOCK : count >= 8 ? 2 : 1;
  return Math.min(count, Math.max(1, Math.floor((count * share) / unit) * unit));
}
