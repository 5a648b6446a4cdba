import { findLayers } from '../budgets/find-layer';
import type { Cost } from '../budgets/measure';
import type { PruneStep } from '../compress/steps';
import type { Measure } from '../compress/reduce/measure';
import { CHANNEL_BLOCK, costOf } from '../compress/reduce/measures';
import { leaveOut } from '../../engine/compress/prune/leave-out';
import { sitesOf, type Site } from '../../engine/compress/prune/units';
import { formatCount } from '../../base/units';
import { largestShare, MEASURED_LATER, type Rebuild, type Situation } from './rebuild';

export const measureOf: Readonly<Record<Cost, Measure>> = { flash: 'flash', ram: 'ram', macs: 'macs', timeUs: 'time', energyUj: 'time' };

/**
 * Channels left out evenly until the budget is kept. Sizes do not depend on which channels go: those of the result are as small. Of a
 * whole model the search of `prune` may divide them better among the layers; of one layer the widths are as predicted.
 */
export const pruned: Rebuild = async (situation) => {
  const { open: { canonical }, budget } = situation;
  const sites = sitesAbout(situation);
  if (!sites.length) return undefined;
  const found = await largestShare(
    async (share) => {
      const widths = sites.map((site) => widthOf(site.units.length, share));
      const model = leaveOut(canonical, sites.flatMap((site, i) => site.units.slice(widths[i])));
      return { model, widths, report: await situation.reportOf({ model }) };
    },
    ({ report }) => situation.costOf(report)! <= budget.limit,
  );
  if (!found) return undefined;
  const all = sites.reduce((sum, site) => sum + site.units.length, 0);
  const gone = all - found.widths.reduce((sum, width) => sum + width, 0);
  const measure = measureOf[budget.resource];
  const step: Omit<PruneStep, 'kind'> = budget.layer === undefined
    ? { measure, most: costOf(found.model, measure) }
    : { measure: 'macs', widths: Object.fromEntries(sites.flatMap((site, i) => (found.widths[i] < site.units.length ? [[site.name, found.widths[i]]] : []))) };
  const about = budget.layer === undefined ? 'about ' : '';
  return { title: `Prune ${about}${formatCount(gone)} of ${formatCount(all)} channels`, report: found.report, plan: { step }, caveat: MEASURED_LATER };
};

/** Channels that can go: of a layer its own and those that it reads. */
function sitesAbout({ open: { canonical }, report, budget }: Situation): readonly Site[] {
  const sites = sitesOf(canonical);
  if (budget.layer === undefined) return sites;
  const names = new Set(findLayers(report.layers, budget.layer).flatMap(({ name, origin }) => [name, ...origin.map((one) => one.name)]));
  const ids = new Set(canonical.graph.nodes.filter(({ name, origin }) => names.has(name) || origin.some((one) => names.has(one.name))).map(({ id }) => id));
  return sites.filter(({ makers, readers }) => [...makers, ...readers].some((id) => ids.has(id)));
}

/** Full blocks of channels where there are several, so that kernels have nothing to fill up. */
function widthOf(count: number, share: number): number {
  const unit = count > 4 * CHANNEL_BLOCK ? CHANNEL_BLOCK : count >= 8 ? 2 : 1;
  return Math.min(count, Math.max(1, Math.floor((count * share) / unit) * unit));
}
