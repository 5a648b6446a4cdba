import { ProblemError } from '../../../base/problem';
import { compressProblems } from '../../../engine/compress/problems';
import { blocksOf, dropBlock } from '../../../engine/compress/prune/drop-block';
import { rankUnits, type Importance } from '../../../engine/compress/prune/importance';
import { keptEntries } from '../../../engine/compress/prune/leave-out';
import { narrow, type LayerStatistics } from '../../../engine/compress/prune/narrow';
import { sitesOf, type Site, type Unit } from '../../../engine/compress/prune/units';
import type { Model, NodeId } from '../../../engine/ir/types';
import type { PruneReport, PruneStep } from '../../engine-contract';
import { spread, type SampleArray } from '../../data/samples';
import type { Deadline } from '../deadline';
import type { Judgement } from '../judge';
import type { Lab } from '../lab';
import { FULL, layerTargets, TRIAL, type LayerTarget } from './layer-targets';
import { costOf, type Measure } from './measures';
import { costs, evenWidths, exchanges, greedyWidths, unitsToLeave, widthsOf, type RankedSite, type Widths } from './plan-widths';
import { refitModel } from './refit-model';

export interface Pruned {
  readonly model: Model;
  readonly report: PruneReport;
}

export interface PruneData {
  /** Everything that weights may be fitted on. */
  readonly all: SampleArray;
  /** A part of it, and other samples that choices are made by. */
  readonly fit: SampleArray;
  readonly check: SampleArray;
}

/** Widths at which each site is tried alone, as shares of its channels; between them losses are interpolated. */
const SCANNED = [7 / 8, 3 / 4, 5 / 8, 1 / 2, 3 / 8, 1 / 4];
/** Samples that a single place is narrowed on: with so few numbers fitted none need be held back. */
const SCAN_SAMPLES = 64;
/** Exchanges between sites that are tried, each fitted again. */
const EXCHANGES = 12;
/** Exchanges that are compared without fitting for each that is fitted. */
const COMPARED = 6;
/** Blocks that are tried to leave out: those with the most to save. */
const MOST_BLOCKS = 6;

/** A model that widths are chosen for: the original, or one without a block. */
interface Variant {
  readonly model: Model;
  readonly sites: readonly RankedSite[];
  readonly cost: (widths: Widths) => number;
  readonly dropped?: string;
}

interface Choice {
  readonly variant: Variant;
  readonly widths: Widths;
  readonly judgement: Judgement;
}

/** The narrower model that a step asks for: where to narrow is searched by what it costs on samples held back, then all layers are fitted again. */
export async function pruneModel(lab: Lab, step: PruneStep, data: PruneData, deadline: Deadline): Promise<Pruned> {
  const before = costOf(lab.source, step.measure);
  const most = step.share === undefined ? step.most! : before * (1 - step.share);
  const fitted = await layerTargets(lab, lab.source, data.fit, TRIAL);
  const seen = spread(data.all, SCAN_SAMPLES);
  const whole = variantOf(lab.source, await scan(lab, step.importance, statisticsOf(fitted), seen, deadline), step.measure);
  const trials: PruneReport['trials'][number][] = [];
  let best: Choice | undefined;
  const attempt = async (name: string, variant: Variant, widths: Widths | undefined): Promise<void> => {
    if (!widths || (best && (deadline.isOver() || (variant === best.variant && widths.join() === best.widths.join())))) return;
    lab.task.progress({ stage: 'Searching widths', done: trials.length, total: EXCHANGES });
    const judgement = await lab.judge(await make(lab, step, variant, widths, fitted, data.fit), data.check);
    const kept = !best || judgement.divergence < best.judgement.divergence;
    trials.push({ step: name, ...judgement, kept });
    if (kept) best = { variant, widths, judgement };
  };
  await attempt('widths by sensitivity', whole, greedyWidths(whole.sites, whole.cost, most));
  await attempt('the same share everywhere', whole, evenWidths(whole.sites, whole.cost, most));
  if (step.dropBlocks) {
    for (const variant of variantsWithout(lab.source, whole, step, statisticsOf(fitted))) await attempt(`without the block that ends in ${variant.dropped}`, variant, greedyWidths(variant.sites, variant.cost, most));
  }
  if (!best) throw new ProblemError(compressProblems.cannotPrune({ measure: step.measure, before, asked: most, least: whole.cost(whole.sites.map((site) => site.widths.length - 1)), sites: whole.sites.map((site) => site.name), dropBlocks: step.dropBlocks === true }));
  const tried = new Set<string>();
  for (let i = 0; i < EXCHANGES && !deadline.isOver(); i++) {
    const { variant, widths }: Choice = best;
    const open = exchanges(variant.sites, widths, variant.cost, most).filter((choice) => !tried.has(choice.join())).slice(0, COMPARED);
    let next: { widths: Widths; divergence: number } | undefined;
    for (const choice of open) {
      const { divergence } = await lab.judge(narrow(variant.model, unitsToLeave(variant.sites, choice), statisticsOf(fitted)), seen);
      if (!next || divergence < next.divergence) next = { widths: choice, divergence };
    }
    if (!next) break;
    tried.add(next.widths.join());
    await attempt('an exchange between layers', variant, next.widths);
  }
  const { variant, widths }: Choice = best;
  const model = await make(lab, step, variant, widths, await layerTargets(lab, lab.source, data.all, FULL), data.all);
  return {
    model,
    report: {
      kind: 'prune', measure: step.measure, importance: step.importance ?? 'auto', before, asked: most, after: costOf(model, step.measure), trials,
      ...(variant.dropped === undefined ? {} : { dropped: variant.dropped }),
      sites: variant.sites.map((site, i) => ({ name: site.name, importance: site.importance, before: site.units.length, after: site.widths[widths[i]], scan: site.widths.map((width, at) => ({ width, divergence: site.divergence[at] })) })),
    },
  };
}

const variantOf = (model: Model, sites: readonly RankedSite[], measure: Measure, dropped?: string): Variant => ({ model, sites, cost: costs(model, sites, (smaller) => costOf(smaller, measure)), ...(dropped === undefined ? {} : { dropped }) });

/** The model without each block alone; what narrowing costs is taken to be as in the whole model. */
function variantsWithout(model: Model, whole: Variant, step: PruneStep, statistics: LayerStatistics): Variant[] {
  return blocksOf(model)
    .map((block) => ({ block, smaller: dropBlock(model, block) }))
    .map((entry) => ({ ...entry, cost: costOf(entry.smaller, step.measure) }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, MOST_BLOCKS)
    .map(({ block, smaller }) => {
      const sites = sitesOf(smaller).map((site): RankedSite => {
        const known = whole.sites.find((other) => other.name === site.name && other.units.length === site.units.length);
        const importance = step.importance ?? known?.importance ?? 'reconstruction';
        const units = rankUnits(smaller, site, importance, statistics);
        return { name: site.name, importance, units, widths: widthsOf(units.length), divergence: known?.divergence ?? widthsOf(units.length).map(() => 0) };
      });
      return variantOf(smaller, sites, step.measure, block.name);
    });
}

async function make(lab: Lab, step: PruneStep, { model, sites }: Variant, widths: Widths, fitted: ReadonlyMap<NodeId, LayerTarget>, samples: SampleArray): Promise<Model> {
  const units = unitsToLeave(sites, widths);
  const smaller = narrow(model, units, step.refit === false ? new Map() : statisticsOf(fitted));
  return step.refit === false ? smaller : refitModel(lab, smaller, model, keptEntries(model, units), fitted, samples);
}

const statisticsOf = (targets: ReadonlyMap<NodeId, LayerTarget>): LayerStatistics => new Map([...targets].flatMap(([id, { statistics }]) => (statistics ? [[id, statistics] as const] : [])));

/** What narrowing each site alone costs, the readers' weights made up for it. */
async function scan(lab: Lab, asked: Importance | undefined, statistics: LayerStatistics, check: SampleArray, deadline: Deadline): Promise<RankedSite[]> {
  const result: RankedSite[] = [];
  const model = lab.source;
  const sites = sitesOf(model);
  for (const [index, site] of sites.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: sites.length });
    const { importance, units } = await ranked(lab, site, asked, statistics, check);
    const widths = widthsOf(units.length);
    const measured: { width: number; divergence: number }[] = [{ width: units.length, divergence: 0 }];
    for (const share of SCANNED) {
      const width = widths.reduce((best, w) => (Math.abs(w - share * units.length) < Math.abs(best - share * units.length) ? w : best));
      // Without time the rest is taken to grow on as it did.
      if (width >= measured[measured.length - 1].width || (measured.length > 2 && deadline.isOver())) continue;
      const { divergence } = await lab.judge(narrow(model, units.slice(0, units.length - width), statistics), check);
      measured.push({ width, divergence: Math.max(divergence, measured[measured.length - 1].divergence) });
    }
    result.push({ name: site.name, importance, units, widths, divergence: widths.map((width) => interpolate(measured, width)) });
  }
  return result;
}

/** Rankings that are compared where none is asked for. */
const COMPETING: readonly Importance[] = ['reconstruction', 'activation', 'l2'];
/** The share of channels with which they are. */
const COMPARED_SHARE = 5 / 8;

/** Units as the asked rule ranks them, or the rule that costs least at a width in the middle: which one does differs from layer to layer. */
async function ranked(lab: Lab, site: Site, asked: Importance | undefined, statistics: LayerStatistics, check: SampleArray): Promise<{ importance: Importance; units: readonly Unit[] }> {
  if (asked) return { importance: asked, units: rankUnits(lab.source, site, asked, statistics) };
  let best: { importance: Importance; units: readonly Unit[]; divergence: number } | undefined;
  for (const importance of COMPETING) {
    const units = rankUnits(lab.source, site, importance, statistics);
    const { divergence } = await lab.judge(narrow(lab.source, units.slice(0, units.length - Math.ceil(units.length * COMPARED_SHARE)), statistics), check);
    if (!best || divergence < best.divergence) best = { importance, units, divergence };
  }
  return best!;
}

/** Between measured widths along a line; beyond the last one, as that line goes on. */
function interpolate(measured: readonly { width: number; divergence: number }[], width: number): number {
  if (measured.length < 2) return 0;
  const found = measured.findIndex((point) => point.width <= width);
  const after = found < 0 ? measured.length - 1 : Math.max(1, found);
  const [a, b] = [measured[after - 1], measured[after]];
  return a.divergence + ((b.divergence - a.divergence) * (a.width - width)) / (a.width - b.width);
}

