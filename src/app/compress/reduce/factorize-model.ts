import { ProblemError } from '../../../base/problem';
import { splitLayer, splittingsOf, type Splitting } from '../../../engine/compress/factorize/split-layer';
import { weightLayers } from '../../../engine/compress/plan';
import { compressProblems } from '../../../engine/compress/problems';
import type { LayerStatistics } from '../../../engine/compress/prune/narrow';
import type { Model, Node } from '../../../engine/ir/types';
import type { FactorizeStep } from '../steps';
import { appProblems } from '../../problems';
import type { SampleArray } from '../../data/samples';
import type { Lab } from '../lab';
import { FULL, layerTargets, statisticsOf, TRIAL } from './layer-targets';
import { CHANNEL_BLOCK, costFunction } from './measures';
import { fitTogether } from './fit-network';
import { remembered, type Place, type Sizes } from './plan-sizes';
import { refitModel } from './refit-model';
import { mostOf, unitOf, type Reduced, type ReduceContext } from './reduce-context';
import { placeReports, scanPlace, searchSizes, type Space } from './search-sizes';

/** Ranks at which each layer is tried alone, as shares of the largest that saves something. */
const SCANNED = [0.8, 0.6, 0.45, 0.3, 0.2, 0.1];
/** Ranks that a layer may get. */
const STEPS = 16;

/** A layer and how it is split; its first size stands for the whole layer. */
interface SplitPlace extends Place {
  readonly splitting: Splitting;
}

/** Layers become two of lower rank, where that costs least for what it saves; then all layers are fitted again. */
export async function factorizeModel(context: ReduceContext, step: FactorizeStep): Promise<Reduced> {
  const { lab, data, deadline } = context;
  const costOf = await costFunction(context, step.measure);
  const before = costOf(lab.source);
  if (step.ranks) return splitTo(context, step, step.ranks, costOf);
  const most = mostOf(step, before);
  const targets = await layerTargets(lab, lab.source, data.fit, TRIAL);
  const statistics = statisticsOf(targets);
  const places: SplitPlace[] = [];
  const layers = weightLayers(lab.source.graph).filter(({ name }) => !step.only || step.only.includes(name));
  for (const [index, layer] of layers.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: layers.length });
    const splitting = await bestSplitting(lab, layer, statistics, data.judged);
    if (!splitting) continue;
    const sizes = ranksOf(splitting.breakEven);
    if (sizes.length < 2) continue;
    const divergence = await scanPlace(lab, sizes, SCANNED, (rank) => splitLayer(lab.source, splitting, rank), data.judged, deadline);
    places.push({ name: layer.name, rule: splitting.form, sizes, divergence, splitting });
  }
  const space: Space = {
    places,
    cost: remembered((sizes) => costOf(split(lab.source, places, sizes))),
    quick: (sizes) => split(lab.source, places, sizes),
    fitted: (sizes) => refitModel(lab, split(lab.source, places, sizes), lab.source, new Map(), targets, data.fit),
  };
  const { choice, trials } = await searchSizes(lab, [{ name: '', space }], most, data.judged, deadline);
  if (!choice) throw new ProblemError(compressProblems.cannotFactorize({ measure: step.measure, ...unitOf(context, step.measure), before, asked: most, least: space.cost(places.map((place) => place.sizes.length - 1)), places: places.map((place) => place.name) }));
  const layered = await refitModel(lab, split(lab.source, places, choice.sizes), lab.source, new Map(), await layerTargets(lab, lab.source, data.all, FULL), data.all);
  const { model, told } = await fitTogether(context, step.refit, trials, () => space.fitted(choice.sizes), layered);
  return { model, report: { kind: 'factorize', measure: step.measure, ...unitOf(context, step.measure), before, asked: most, after: costOf(model), ...told, places: placeReports(places, choice.sizes) } };
}

/** Every layer at the rank that was asked for, split by channels: nothing is searched. */
async function splitTo(context: ReduceContext, step: FactorizeStep, ranks: Readonly<Record<string, number>>, costOf: (model: Model) => number): Promise<Reduced> {
  const { lab, data } = context;
  const targets = await layerTargets(lab, lab.source, data.all, FULL);
  const statistics = statisticsOf(targets);
  const layers = weightLayers(lab.source.graph);
  const places = Object.entries(ranks).map(([name, rank]): SplitPlace => {
    const layer = layers.find((node) => node.name === name);
    const [splitting] = layer ? splittingsOf(lab.source, layer, statistics) : [];
    if (!splitting || rank >= splitting.breakEven) throw new ProblemError(appProblems.unknownChoice('layer that can be split', name, layers.map((node) => node.name)));
    return { name, rule: splitting.form, sizes: [Math.ceil(splitting.breakEven), rank], divergence: [], splitting };
  });
  const sizes = places.map(() => 1);
  const parts = split(lab.source, places, sizes);
  const layered = await refitModel(lab, parts, lab.source, new Map(), targets, data.all);
  const { model, told } = await fitTogether(context, step.refit, [], async () => refitModel(lab, parts, lab.source, new Map(), await layerTargets(lab, lab.source, data.fit, TRIAL), data.fit), layered);
  const after = costOf(model);
  return { model, report: { kind: 'factorize', measure: step.measure, ...unitOf(context, step.measure), before: costOf(lab.source), asked: after, after, ...told, places: places.map(({ name, rule, sizes: [before, now] }) => ({ name, rule, before, after: now, scan: [] })) } };
}

const split = (model: Model, places: readonly SplitPlace[], sizes: Sizes): Model =>
  places.reduce((result, { splitting, sizes: ranks }, i) => (sizes[i] === 0 ? result : splitLayer(result, splitting, ranks[sizes[i]])), model);

/** Of the ways to split a layer into half its weights the one that costs least. */
async function bestSplitting(lab: Lab, layer: Node, statistics: LayerStatistics, samples: SampleArray): Promise<Splitting | undefined> {
  const ways = splittingsOf(lab.source, layer, statistics);
  if (ways.length < 2) return ways[0];
  let best: { way: Splitting; divergence: number } | undefined;
  for (const way of ways) {
    const { divergence } = await lab.judge(splitLayer(lab.source, way, Math.max(1, Math.floor(way.breakEven / 2))), samples);
    if (!best || divergence < best.divergence) best = { way, divergence };
  }
  return best!.way;
}

/** The layer as it is, counted as the rank at which nothing is saved, then ranks that save something: full blocks where there are several. */
function ranksOf(breakEven: number): number[] {
  const unit = breakEven > 4 * CHANNEL_BLOCK ? CHANNEL_BLOCK : 1;
  const step = Math.max(unit, Math.ceil(breakEven / STEPS / unit) * unit);
  const ranks = [Math.ceil(breakEven)];
  for (let rank = (Math.ceil(breakEven / unit) - 1) * unit; rank >= unit; rank -= step) ranks.push(rank);
  return ranks;
}
