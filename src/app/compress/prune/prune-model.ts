import { ProblemError } from '../../../base/problem';
import { compressProblems } from '../../../engine/compress/problems';
import { rankUnits, type Importance } from '../../../engine/compress/prune/importance';
import { keptEntries } from '../../../engine/compress/prune/leave-out';
import { narrow, type LayerStatistics } from '../../../engine/compress/prune/narrow';
import { sitesOf } from '../../../engine/compress/prune/units';
import type { Model, NodeId } from '../../../engine/ir/types';
import type { PruneReport, PruneStep } from '../../engine-contract';
import type { SampleArray } from '../../data/samples';
import type { Deadline } from '../deadline';
import type { Judgement } from '../judge';
import type { Lab } from '../lab';
import { layerTargets, type LayerTarget } from './layer-targets';
import { costOf } from './measures';
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
/** Exchanges between sites that are tried, each fitted again. */
const EXCHANGES = 8;

/** The narrower model that a step asks for: where to narrow is searched by what it costs on samples held back, then all layers are fitted again. */
export async function pruneModel(lab: Lab, step: PruneStep, data: PruneData, deadline: Deadline): Promise<Pruned> {
  const model = lab.source;
  const importance = step.importance ?? 'reconstruction';
  const before = costOf(model, step.measure);
  const most = step.share === undefined ? step.most! : before * (1 - step.share);
  const targets = await layerTargets(lab, model, data.fit);
  const sites = await scan(lab, model, importance, statisticsOf(targets), data.check, deadline);
  const cost = costs(model, sites, (smaller) => costOf(smaller, step.measure));
  const narrowest = cost(sites.map((site) => site.widths.length - 1));
  if (!sites.length || narrowest > most) throw new ProblemError(compressProblems.cannotPrune(step.measure, before, most, narrowest, sites.map((site) => site.name)));

  const make = async (widths: Widths, fitted: ReadonlyMap<NodeId, LayerTarget>, samples: SampleArray): Promise<Model> => {
    const units = unitsToLeave(sites, widths);
    const smaller = narrow(model, units, step.refit === false ? new Map() : statisticsOf(fitted));
    return step.refit === false ? smaller : refitModel(lab, smaller, model, keptEntries(model, units), fitted, samples);
  };
  const trials: PruneReport['trials'][number][] = [];
  let best: { widths: Widths; judgement: Judgement } | undefined;
  const attempt = async (name: string, widths: Widths | undefined): Promise<void> => {
    if (!widths || (best && (deadline.isOver() || widths.join() === best.widths.join()))) return;
    const judgement = await lab.judge(await make(widths, targets, data.fit), data.check);
    const kept = !best || judgement.divergence < best.judgement.divergence;
    trials.push({ step: name, ...judgement, kept });
    if (kept) best = { widths, judgement };
  };
  await attempt('widths by sensitivity', greedyWidths(sites, cost, most));
  await attempt('the same share everywhere', evenWidths(sites, cost, most));
  const tried = new Set<string>();
  for (let i = 0; i < EXCHANGES && !deadline.isOver(); i++) {
    const next = exchanges(sites, best!.widths, cost, most).find((widths) => !tried.has(widths.join()));
    if (!next) break;
    tried.add(next.join());
    await attempt('an exchange between layers', next);
  }
  const { widths } = best!;
  const final = await make(widths, await layerTargets(lab, model, data.all), data.all);
  return {
    model: final,
    report: {
      kind: 'prune', measure: step.measure, importance, before, asked: most, after: cost(widths), trials,
      sites: sites.map((site, i) => ({ name: site.name, before: site.units.length, after: site.widths[widths[i]], scan: site.widths.map((width, at) => ({ width, divergence: site.divergence[at] })) })),
    },
  };
}

const statisticsOf = (targets: ReadonlyMap<NodeId, LayerTarget>): LayerStatistics => new Map([...targets].flatMap(([id, { statistics }]) => (statistics ? [[id, statistics] as const] : [])));

/** What narrowing each site alone costs, the readers' weights made up for it. */
async function scan(lab: Lab, model: Model, importance: Importance, statistics: LayerStatistics, check: SampleArray, deadline: Deadline): Promise<RankedSite[]> {
  const result: RankedSite[] = [];
  const sites = sitesOf(model);
  for (const [index, site] of sites.entries()) {
    lab.task.progress({ stage: 'Measuring how much each layer matters', done: index, total: sites.length });
    const units = rankUnits(model, site, importance, statistics);
    const widths = widthsOf(units.length);
    const measured: { width: number; divergence: number }[] = [{ width: units.length, divergence: 0 }];
    for (const share of SCANNED) {
      const width = widths.reduce((best, w) => (Math.abs(w - share * units.length) < Math.abs(best - share * units.length) ? w : best));
      // Without time the rest is taken to grow on as it did.
      if (width >= measured[measured.length - 1].width || (measured.length > 2 && deadline.isOver())) continue;
      const { divergence } = await lab.judge(narrow(model, units.slice(0, units.length - width), statistics), check);
      measured.push({ width, divergence: Math.max(divergence, measured[measured.length - 1].divergence) });
    }
    result.push({ name: site.name, units, widths, divergence: widths.map((width) => interpolate(measured, width)) });
  }
  return result;
}

/** Between measured widths along a line; beyond the last one, as that line goes on. */
function interpolate(measured: readonly { width: number; divergence: number }[], width: number): number {
  if (measured.length < 2) return 0;
  const found = measured.findIndex((point) => point.width <= width);
  const after = found < 0 ? measured.length - 1 : Math.max(1, found);
  const [a, b] = [measured[after - 1], measured[after]];
  return a.divergence + ((b.divergence - a.divergence) * (a.width - width)) / (a.width - b.width);
}

