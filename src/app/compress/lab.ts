import { throwIfCancelled } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import type { Task } from '../../base/progress';
import { absorbBias } from '../../engine/compress/absorb-bias';
import { equalize } from '../../engine/compress/equalize';
import { ChannelRanges, layerPairs } from '../../engine/compress/layer-pairs';
import { activationsToMeasure, type LayerForm, type QuantizePlan } from '../../engine/compress/plan';
import { compressProblems } from '../../engine/compress/problems';
import { quantizeModel } from '../../engine/compress/quantize-model';
import type { Model, Node, NodeId, ValueId } from '../../engine/ir/types';
import { chooseRange, type CalibrationMethod } from '../../engine/quant/calibration';
import { Histogram } from '../../engine/quant/histogram';
import type { Range } from '../../engine/quant/range';
import type { Problem } from '../../base/problem';
import { sampleAt, spread, type SampleArray } from '../data/samples';
import type { OrtRunner } from '../runners/ort-client';
import { Judge, type Judgement } from './judge';
import { reconstruct } from './reconstruct';
import { RoundingMemo } from './rounding-memo';
import { withSession } from './session';
import type { Deadline } from './deadline';
import { tuneRanges, TUNING_SAMPLES } from './tune-ranges';

/** How a float model becomes a quantized one, apart from the forms of its layers. */
export interface Recipe {
  readonly ranges: CalibrationMethod;
  readonly equalize: boolean;
  readonly absorb: boolean;
  readonly weights: 'nearest' | 'bias' | 'reconstruct';
  readonly perTensor?: boolean;
  readonly groupSize?: number;
  /** Rules for the ranges of single layers' results, by name. */
  readonly layerRanges?: Readonly<Record<string, CalibrationMethod>>;
  /** Narrow ranges as long as decisions come nearer to the float model's. */
  readonly tune?: boolean;
}

export const PLAIN: Recipe = { ranges: 'min-max', equalize: false, absorb: false, weights: 'nearest' };

export type FormOf = (node: Node) => LayerForm;

export interface Candidate {
  /** The float model that the codes stand for: the source's, or equal to it but for rounding. */
  readonly base: Model;
  readonly plan: QuantizePlan;
  readonly quantized: Model;
  readonly problems: readonly Problem[];
}

/** Where candidates are made and judged: one runner, measured ranges kept for each float model and set of samples. */
export class Lab {
  private readonly histograms = new Map<Model, Map<SampleArray, Map<ValueId, Histogram>>>();
  private readonly bases = new Map<SampleArray, Map<string, Model>>();
  private readonly memos = new Map<SampleArray, Map<string, RoundingMemo>>();
  private readonly judges = new Map<SampleArray, Judge>();

  constructor(readonly source: Model, readonly runner: OrtRunner, readonly task: Task, private readonly dataPath: string, private readonly deadline: Deadline) {}

  async make(recipe: Recipe, formOf: FormOf, samples: SampleArray): Promise<Candidate> {
    const base = await this.base(recipe, samples);
    const ranges = await this.ranges(base, recipe.ranges, samples);
    for (const { name, outputs } of base.graph.nodes) {
      const method = recipe.layerRanges?.[name];
      if (method) ranges.set(outputs[0], await this.rangeOf(base, outputs[0], method, samples));
    }
    let plan: QuantizePlan = { formOf, ranges, perTensor: recipe.perTensor, groupSize: recipe.groupSize };
    if (recipe.weights !== 'nearest') {
      plan = { ...plan, chosen: await reconstruct(base, plan, samples, { codes: recipe.weights === 'reconstruct', memo: this.memo(recipe, samples) }, this.runner, this.task) };
    }
    const { value, problems } = quantizeModel(base, plan);
    const candidate = { base, plan, quantized: value, problems };
    return recipe.tune ? tuneRanges(this, candidate, spread(samples, TUNING_SAMPLES), this.deadline) : candidate;
  }

  private memo(recipe: Recipe, samples: SampleArray): RoundingMemo {
    const memos = this.memos.get(samples) ?? new Map<string, RoundingMemo>();
    this.memos.set(samples, memos);
    // Tuning comes after the weights.
    const key = JSON.stringify({ ...recipe, tune: undefined });
    const memo = memos.get(key) ?? new RoundingMemo();
    memos.set(key, memo);
    return memo;
  }

  /** How far a model's decisions are from the float model's. */
  async judge(model: Model, samples: SampleArray): Promise<Judgement> {
    let judge = this.judges.get(samples);
    if (!judge) this.judges.set(samples, (judge = await Judge.open(this.source, samples, this.runner, this.task)));
    return judge.judge(model);
  }

  /** The float model after equalization and absorption, where the recipe has them. */
  private async base(recipe: Recipe, samples: SampleArray): Promise<Model> {
    const key = `${recipe.equalize}/${recipe.absorb}`;
    const bases = this.bases.get(samples) ?? new Map<string, Model>();
    this.bases.set(samples, bases);
    let base = bases.get(key);
    if (!base) {
      base = this.source;
      if (recipe.equalize) base = equalize(base, await this.channelRanges(base, samples)).model;
      if (recipe.absorb) base = absorbBias(base, await this.channelRanges(base, samples)).model;
      bases.set(key, base);
    }
    return base;
  }

  async ranges(model: Model, method: CalibrationMethod, samples: SampleArray): Promise<Map<ValueId, Range>> {
    const histograms = await this.measure(model, samples);
    return new Map([...histograms].map(([id, histogram]) => [id, chooseRange(histogram, method)]));
  }

  async rangeOf(model: Model, id: ValueId, method: CalibrationMethod, samples: SampleArray): Promise<Range> {
    return chooseRange((await this.measure(model, samples)).get(id)!, method);
  }

  /** Counts of the numbers that activations take over all samples, as onnxruntime computes them. */
  async measure(model: Model, samples: SampleArray): Promise<Map<ValueId, Histogram>> {
    let known = this.histograms.get(model);
    if (!known) this.histograms.set(model, (known = new Map()));
    const before = known.get(samples);
    if (before) return before;
    const ids = activationsToMeasure(model.graph);
    const histograms = new Map(ids.map((id) => [id, new Histogram()]));
    await this.forEachSample(model, ids, samples, 'Calibrating', (values) => ids.forEach((id, i) => histograms.get(id)!.add(values[i])));
    for (const [id, { broken }] of histograms) {
      if (broken) throw new ProblemError(compressProblems.badData(this.dataPath, `${model.graph.values.get(id)!.name} becomes NaN or infinite on these samples.`));
    }
    known.set(samples, histograms);
    return histograms;
  }

  private async channelRanges(model: Model, samples: SampleArray): Promise<Map<NodeId, ChannelRanges>> {
    const pairs = layerPairs(model);
    const ranges = pairs.map((pair) => new ChannelRanges(pair));
    if (pairs.length) await this.forEachSample(model, pairs.map((pair) => pair.value), samples, 'Measuring channels', (values) => ranges.forEach((range, i) => range.add(values[i])));
    return new Map(pairs.map((pair, i) => [pair.first.id, ranges[i]]));
  }

  async forEachSample(model: Model, watched: readonly ValueId[], samples: SampleArray, stage: string, visit: (values: readonly ArrayLike<number>[], index: number) => void | Promise<void>): Promise<void> {
    await withSession(this.runner, model, watched, async (session) => {
      for (let index = 0; index < samples.count; index++) {
        if (index % STRIDE === 0) this.task.progress({ stage, done: index, total: samples.count });
        throwIfCancelled(this.task.signal);
        await visit(await session.run(Float32Array.from(sampleAt(samples, index))), index);
      }
    });
  }
}

/** Samples between two reports. */
const STRIDE = 8;
