import type { Model } from '../../../engine/ir/types';
import type { Importance } from '../../../engine/compress/prune/importance';
import { leaveOut } from '../../../engine/compress/prune/leave-out';
import type { Unit } from '../../../engine/compress/prune/units';
import { CHANNEL_BLOCK } from './measures';

/** A site with its units in the order in which they go, and how many may stay: widest first, all of them. */
export interface RankedSite {
  readonly name: string;
  readonly importance: Importance;
  readonly units: readonly Unit[];
  readonly widths: readonly number[];
  /** Distance from the original, with only this site narrowed: at each width. */
  readonly divergence: readonly number[];
}

/** Index into the widths of each site. */
export type Widths = readonly number[];

/** Steps that a site is narrowed by: full blocks of channels where it has several, so that kernels have nothing to fill up. */
const STEPS = 16;
/** Share of a site's channels that always stays. */
const LEAST_SHARE = 1 / 8;

export function widthsOf(count: number): number[] {
  const unit = count > 4 * CHANNEL_BLOCK ? CHANNEL_BLOCK : count >= 8 ? 2 : 1;
  const step = Math.max(unit, Math.ceil(count / STEPS / unit) * unit);
  const least = Math.max(1, Math.min(unit, count - 1), Math.ceil((count * LEAST_SHARE) / unit) * unit);
  const widths = [count];
  for (let width = Math.floor((count - 1) / unit) * unit; width >= least; width -= step) widths.push(width);
  return widths;
}

export const unitsToLeave = (sites: readonly RankedSite[], widths: Widths): Unit[] => sites.flatMap((site, i) => site.units.slice(0, site.units.length - site.widths[widths[i]]));

/** The cost of a choice of widths, each computed once. */
export function costs(model: Model, sites: readonly RankedSite[], cost: (model: Model) => number): (widths: Widths) => number {
  const known = new Map<string, number>();
  return (widths) => {
    const key = widths.join();
    let result = known.get(key);
    if (result === undefined) known.set(key, (result = cost(leaveOut(model, unitsToLeave(sites, widths)))));
    return result;
  };
}

/** Narrows the site that loses least for what it saves, step by step; undefined where all sites at their narrowest are not enough. */
export function greedyWidths(sites: readonly RankedSite[], cost: (widths: Widths) => number, most: number): Widths | undefined {
  let widths: Widths = sites.map(() => 0);
  for (let now = cost(widths); now > most; now = cost(widths)) {
    let best: { widths: Widths; ratio: number } | undefined;
    for (const [i, site] of sites.entries()) {
      if (widths[i] + 1 >= site.widths.length) continue;
      const next = widths.map((index, at) => (at === i ? index + 1 : index));
      const saved = now - cost(next);
      // A peak that two layers share falls only when both are narrower: such a step is not worthless, but the last to be taken.
      const loss = site.divergence[next[i]] - site.divergence[widths[i]] + TINY;
      const ratio = saved > 0 ? loss / saved : loss * NO_SAVING;
      if (!best || ratio < best.ratio) best = { widths: next, ratio };
    }
    if (!best) return undefined;
    widths = best.widths;
  }
  return widths;
}

const TINY = 1e-9;
const NO_SAVING = 1e6;

/** The same share of every site: the largest that fits. */
export function evenWidths(sites: readonly RankedSite[], cost: (widths: Widths) => number, most: number): Widths | undefined {
  for (let percent = 99; percent > 0; percent--) {
    const widths = sites.map((site) => nearest(site.widths, (site.units.length * percent) / 100));
    if (cost(widths) <= most) return widths;
  }
  return undefined;
}

function nearest(widths: readonly number[], wanted: number): number {
  let best = 0;
  widths.forEach((width, i) => {
    if (Math.abs(width - wanted) < Math.abs(widths[best] - wanted)) best = i;
  });
  return best;
}

/** Choices one exchange away that still fit: one site a step narrower, another one wider; the most promising first. */
export function exchanges(sites: readonly RankedSite[], widths: Widths, cost: (widths: Widths) => number, most: number): Widths[] {
  const loss = (choice: Widths): number => choice.reduce((sum, index, i) => sum + sites[i].divergence[index], 0);
  const found: Widths[] = [];
  for (let wide = 0; wide < sites.length; wide++) {
    if (widths[wide] === 0) continue;
    for (let narrow = -1; narrow < sites.length; narrow++) {
      if (narrow === wide || (narrow >= 0 && widths[narrow] + 1 >= sites[narrow].widths.length)) continue;
      const next = widths.map((index, i) => (i === wide ? index - 1 : i === narrow ? index + 1 : index));
      if (cost(next) <= most) found.push(next);
    }
  }
  return found.sort((a, b) => loss(a) - loss(b));
}
