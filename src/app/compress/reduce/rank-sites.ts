import { throwIfCancelled } from '../../../base/cancel';
import { ProblemError } from '../../../base/problem';
import { compressProblems } from '../../../engine/compress/problems';
import { rankUnits } from '../../../engine/compress/prune/importance';
import type { Importance } from '../../../engine/compress/prune/importances';
import { LossGradient } from '../../../engine/compress/prune/loss-gradient';
import { NoGradient } from '../../../engine/gradient/backpropagation';
import { batchSize } from '../../../engine/gradient/batch-size';
import { elementCount } from '../../../engine/ir/dtype';
import { narrow, type LayerStatistics } from '../../../engine/compress/prune/narrow';
import type { Site, Unit } from '../../../engine/compress/prune/units';
import { sampleAt, type SampleArray } from '../../data/samples';
import type { Lab } from '../lab';
import type { PruneStep } from '../steps';

/** Samples at a time. */
const BATCH = 32;
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

/** Of the loss over labelled samples, where it is asked for or may compete; undefined without labels, or where no gradient can be had. @throws ProblemError where it is asked for and there are none. */
export async function gradientFor(lab: Lab, sites: readonly Site[], { importance }: PruneStep, samples: SampleArray): Promise<LossGradient | undefined> {
  const { labels } = samples;
  if (importance === 'loss' && !labels) throw new ProblemError(compressProblems.lossNeedsLabels());
  if (!labels || (importance !== undefined && importance !== 'loss')) return undefined;
  try {
    const gradient = new LossGradient(lab.source, sites, batchSize(lab.source, Math.min(BATCH, samples.count)));
    await addSamples(lab, gradient, samples, labels);
    return gradient;
  } catch (error) {
    // Channels are ranked by what readers cannot make up for then.
    if (error instanceof NoGradient) return undefined;
    throw error;
  }
}

async function addSamples(lab: Lab, gradient: LossGradient, samples: SampleArray, labels: readonly number[]): Promise<void> {
  const { bytes, batch, shape } = gradient.graph;
  const input = lab.source.graph.values.get(lab.source.graph.inputs[0])!.type.shape!;
  const classes = elementCount(shape) / batch;
  const loaded = await lab.runner.load(bytes);
  try {
    for (let from = 0; from < samples.count; from += batch) {
      lab.task.progress({ stage: 'Measuring what the loss depends on', done: from, total: samples.count });
      throwIfCancelled(lab.task.signal);
      const count = Math.min(batch, samples.count - from);
      const values = new Float32Array(batch * elementCount(input));
      const ones = new Float32Array(batch * classes);
      for (let i = 0; i < count; i++) {
        values.set(sampleAt(samples, from + i), i * elementCount(input));
        if (labels[from + i] < classes) ones[i * classes + labels[from + i]] = 1;
      }
      const results = await loaded.run({ input: { type: 'float32', shape: [batch, ...input.slice(1)], data: values }, labels: { type: 'float32', shape, data: ones } });
      gradient.add(Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array])), count);
    }
  } finally {
    await loaded.unload();
  }
}
