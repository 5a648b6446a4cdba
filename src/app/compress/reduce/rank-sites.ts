import { ProblemError } from '../../../base/problem';
import { compressProblems } from '../../../engine/compress/problems';
import { rankUnits } from '../../../engine/compress/prune/importance';
import type { Importance } from '../../../engine/compress/prune/importances';
import { LossGradient } from '../../../engine/compress/prune/loss-gradient';
import { narrow, type LayerStatistics } from '../../../engine/compress/prune/narrow';
import type { Site, Unit } from '../../../engine/compress/prune/units';
import type { SampleArray } from '../../data/samples';
import type { Lab } from '../lab';
import type { PruneStep } from '../steps';

/** Rankings that are compared where none is asked for. */
const COMPETING: readonly Importance[] = ['reconstruction', 'activation', 'l2', 'loss'];
/** The share of channels with which they are. */
const COMPARED_SHARE = 5 / 8;

/** Units of a site in the order in which they go. */
export interface Ranked {
  readonly rule: Importance;
  readonly units: readonly Unit[];
}

/** Units as the asked rule ranks them, or the rule that costs least at a width in the middle: which one does differs from layer to layer. */
export async function ranked(lab: Lab, site: Site, asked: Importance | undefined, statistics: LayerStatistics, losses: ArrayLike<number> | undefined, samples: SampleArray): Promise<Ranked> {
  if (asked) return { rule: asked, units: rankUnits(lab.source, site, asked, statistics, losses) };
  let best: (Ranked & { readonly divergence: number }) | undefined;
  for (const rule of COMPETING.filter((other) => other !== 'loss' || losses)) {
    const units = rankUnits(lab.source, site, rule, statistics, losses);
    const { divergence } = await lab.judge(narrow(lab.source, units.slice(0, units.length - Math.ceil(units.length * COMPARED_SHARE)), statistics), samples);
    if (!best || divergence < best.divergence) best = { rule, units, divergence };
  }
  return best!;
}

/** Of the loss over labelled samples, where it is asked for or may compete; undefined without labels. @throws ProblemError where it is asked for and there are none. */
export async function gradientFor(lab: Lab, sites: readonly Site[], { importance }: PruneStep, samples: SampleArray): Promise<LossGradient | undefined> {
  const { labels } = samples;
  if (importance === 'loss' && !labels) throw new ProblemError(compressProblems.lossNeedsLabels());
  if (!labels || (importance !== undefined && importance !== 'loss')) return undefined;
  const gradient = new LossGradient(lab.source, sites);
  const { watched } = gradient;
  await lab.forEachSample(lab.source, watched, samples, 'Measuring what the loss depends on', (values, s) => gradient.add(new Map(watched.map((id, i) => [id, values[i]])), labels[s]));
  return gradient;
}
