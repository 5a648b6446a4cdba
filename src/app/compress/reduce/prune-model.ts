import { ProblemError } from '../../../base/problem';
import { compressProblems } from '../../../engine/compress/problems';
import { blocksOf, dropBlock } from '../../../engine/compress/prune/drop-block';
import { rankUnits } from '../../../engine/compress/prune/importance';
import type { Importance } from '../../../engine/compress/prune/importances';
import { keptEntries, leaveOut } from '../../../engine/compress/prune/leave-out';
import { narrow, type LayerStatistics } from '../../../engine/compress/prune/narrow';
import { sitesOf, type Unit } from '../../../engine/compress/prune/units';
import type { Model, NodeId } from '../../../engine/ir/types';
import type { PruneStep } from '../steps';
import { appProblems } from '../../problems';
import type { SampleArray } from '../../data/samples';
import type { Lab } from '../lab';
import { FULL, layerTargets, statisticsOf, TRIAL, type LayerTarget } from './layer-targets';
import { CHANNEL_BLOCK, costFunction } from './measures';
import { remembered, type Place, type Sizes } from './plan-sizes';
import { gradientFor, ranked, type Ranked } from './rank-sites';
import { fitTogether } from './fit-network';
import { refitModel } from './refit-model';
import { mostOf, unitOf, type Reduced, type ReduceContext } from './reduce-context';
import { placeReports, scanPlace, searchSizes, type Space } from './search-sizes';

/** Widths at which each site is tried alone, as shares of its channels. */
const SCANNED = [7 / 8, 3 / 4, 5 / 8, 1 / 2, 3 / 8, 1 / 4];
/** Blocks that are tried to leave out: those with the most to save. */
const MOST_BLOCKS = 6;

/** A site with its units in the order in which they go. */
interface RankedSite extends Place {
  readonly rule: Importance;
  readonly units: readonly Unit[];
}

/** A model that widths are chosen for: the original, or one without a block. */
interface Variant extends Space {
  readonly model: Model;
  readonly places: readonly RankedSite[];
  readonly dropped?: string;
}

type Targets = ReadonlyMap<NodeId, LayerTarget>;

/** The narrower model that a step asks for: where to narrow is searched by what it costs on samples held back, then all layers are fitted again. */
export async function pruneModel(context: ReduceContext, step: PruneStep): Promise<Reduced> {
  const { lab, data, deadline } = context;
  const costOf = await costFunction(context, step.measure);
  const before = costOf(lab.source);
  if (step.widths) return pruneTo(context, step, step.widths, costOf);
  const most = mostOf(step, before);
  const targets = await layerTargets(lab, lab.source, data.fit, TRIAL);
  const statistics = statisticsOf(targets);
  const places: RankedSite[] = [];
  const sites = sitesOf(lab.source);
  const gradient = await gradientFor(lab, sites, step, data.fit);
  for (const [index, site] of sites.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: sites.length });
    const { rule, units } = await ranked(lab, site, step.importance, statistics, gradient?.scores(site), data.judged);
    const sizes = widthsOf(units.length);
    const divergence = await scanPlace(lab, sizes, SCANNED, (width) => narrow(lab.source, units.slice(0, units.length - width), statistics), data.judged, deadline);
    places.push({ name: site.name, rule, units, sizes, divergence });
  }
  const space = (model: Model, own: readonly RankedSite[], dropped?: string): Variant => ({
    model, places: own, ...(dropped === undefined ? {} : { dropped }),
    cost: remembered((sizes) => costOf(leaveOut(model, unitsToLeave(own, sizes)))),
    quick: (sizes) => narrow(model, unitsToLeave(own, sizes), statistics),
    fitted: (sizes) => fit(lab, step, model, unitsToLeave(own, sizes), targets, data.fit),
  });
  const whole = space(lab.source, places);
  const without = step.dropBlocks ? modelsWithoutBlock(lab.source, costOf).map(({ name, smaller }) => ({ name: `without the block that ends in ${name}`, space: space(smaller, placesAgain(smaller, places, statistics), name) })) : [];
  const { choice, trials } = await searchSizes(lab, [{ name: '', space: whole }, ...without], most, data.judged, deadline);
  if (!choice) throw new ProblemError(compressProblems.cannotPrune({ measure: step.measure, ...unitOf(context, step.measure), before, asked: most, least: whole.cost(places.map((place) => place.sizes.length - 1)), places: places.map((place) => place.name), dropBlocks: step.dropBlocks === true }));
  const { model: base, dropped, places: chosen } = choice.space;
  const layered = await fit(lab, step, base, unitsToLeave(chosen, choice.sizes), await layerTargets(lab, lab.source, data.all, FULL), data.all);
  const { model, told } = await fitTogether(context, step.refit, trials, () => choice.space.fitted(choice.sizes), layered);
  return {
    model,
    report: { kind: 'prune', measure: step.measure, ...unitOf(context, step.measure), before, asked: most, after: costOf(model), ...told, places: placeReports(chosen, choice.sizes), ...(dropped === undefined ? {} : { dropped }) },
  };
}

/** Every place at the width that was asked for; what goes is chosen as in a search. */
async function pruneTo(context: ReduceContext, step: PruneStep, widths: Readonly<Record<string, number>>, costOf: (model: Model) => number): Promise<Reduced> {
  const { lab, data } = context;
  const sites = sitesOf(lab.source);
  for (const name of Object.keys(widths)) if (!sites.some((site) => site.name === name)) throw new ProblemError(appProblems.unknownChoice('place that can be pruned', name, sites.map((site) => site.name)));
  const targets = await layerTargets(lab, lab.source, data.all, FULL);
  const narrowed = sites.filter(({ name, units }) => widths[name] < units.length);
  const gradient = await gradientFor(lab, sites, step, data.fit);
  const chosen: Ranked[] = [];
  for (const [index, site] of narrowed.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: narrowed.length });
    chosen.push(await ranked(lab, site, step.importance, statisticsOf(targets), gradient?.scores(site), data.judged));
  }
  const units = chosen.flatMap((place, i) => place.units.slice(0, place.units.length - widths[narrowed[i].name]));
  const layered = await fit(lab, step, lab.source, units, targets, data.all);
  const { model, told } = await fitTogether(context, step.refit, [], async () => fit(lab, step, lab.source, units, await layerTargets(lab, lab.source, data.fit, TRIAL), data.fit), layered);
  const after = costOf(model);
  const places = narrowed.map(({ name, units }, i) => ({ name, rule: chosen[i].rule, before: units.length, after: widths[name], scan: [] }));
  return { model, report: { kind: 'prune', measure: step.measure, ...unitOf(context, step.measure), before: costOf(lab.source), asked: after, after, ...told, places } };
}

async function fit(lab: Lab, step: PruneStep, model: Model, units: readonly Unit[], targets: Targets, samples: SampleArray): Promise<Model> {
  if (step.refit === false) return leaveOut(model, units);
  return refitModel(lab, narrow(model, units, statisticsOf(targets)), model, keptEntries(model, units), targets, samples);
}

const unitsToLeave = (places: readonly RankedSite[], sizes: Sizes): Unit[] => places.flatMap((place, i) => place.units.slice(0, place.units.length - place.sizes[sizes[i]]));

/** The model without each block alone, those with the most to save. */
const modelsWithoutBlock = (model: Model, costOf: (model: Model) => number): { name: string; smaller: Model }[] =>
  blocksOf(model)
    .map((block) => ({ name: block.name, smaller: dropBlock(model, block) }))
    .map((entry) => ({ ...entry, cost: costOf(entry.smaller) }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_BLOCKS);

/** Sites of a model without a block: what narrowing costs is taken to be as in the whole model. */
function placesAgain(smaller: Model, places: readonly RankedSite[], statistics: LayerStatistics): RankedSite[] {
  return sitesOf(smaller).map((site) => {
    const known = places.find((other) => other.name === site.name && other.units.length === site.units.length);
    const rule = known?.rule ?? 'reconstruction';
    const sizes = widthsOf(site.units.length);
    return { name: site.name, rule, units: rankUnits(smaller, site, rule, statistics), sizes, divergence: known?.divergence ?? sizes.map(() => 0) };
  });
}

/** Steps that a site is narrowed by: full blocks of channels where it has several, so that kernels have nothing to fill up. */
const STEPS = 16;
/** Share of a site's channels that always stays. */
const LEAST_SHARE = 1 / 8;

function widthsOf(count: number): number[] {
  const unit = count > 4 * CHANNEL_BLOCK ? CHANNEL_BLOCK : count >= 8 ? 2 : 1;
  const step = Math.max(unit, Math.ceil(count / STEPS / unit) * unit);
  const least = Math.max(1, Math.min(unit, count - 1), Math.ceil((count * LEAST_SHARE) / unit) * unit);
  const widths = [count];
  for (let width = Math.floor((count - 1) / unit) * unit; width >= least; width -= step) widths.push(width);
  return widths;
}
