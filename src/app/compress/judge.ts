import { throwIfCancelled } from '../../base/cancel';
import type { Task } from '../../base/progress';
import type { Model, ValueId } from '../../engine/ir/types';
import { softmax } from '../../engine/ops/softmax/op';
import { argmax } from '../accuracy';
import { sampleAt, type SampleArray } from '../data/samples';
import type { OrtRunner } from '../runners/ort-client';
import { withSession } from './session';

export interface Judgement {
  /**
   * Distance from the float model over all samples: of class probabilities the mean Kullback-Leibler divergence in nats, of
   * other outputs the noise's share of the signal's power. Finer than counting right answers, and it needs no labels.
   */
  readonly divergence: number;
  /** Samples on which the largest score is the label's, where there are labels. */
  readonly right?: number;
}

/** Compares models with the float model on a set of samples. */
export class Judge {
  private constructor(
    private readonly samples: SampleArray, private readonly isClassifier: boolean, private readonly expected: readonly Float32Array[],
    private readonly runner: OrtRunner, private readonly task: Task, private readonly source: Model,
  ) {}

  static async open(source: Model, samples: SampleArray, runner: OrtRunner, task: Task): Promise<Judge> {
    const expected = await outputs(source, source, samples, runner, task);
    const isClassifier = samples.labels !== undefined || lastSoftmax(source) !== undefined;
    return new Judge(samples, isClassifier, expected, runner, task, source);
  }

  async judge(model: Model): Promise<Judgement> {
    const actual = await outputs(model, this.source, this.samples, this.runner, this.task);
    const { labels } = this.samples;
    const right = labels && actual.filter((scores, i) => argmax(scores) === labels[i]).length;
    const divergence = this.isClassifier ? meanDivergence(this.expected, actual) : noiseShare(this.expected, actual);
    return { divergence, ...(right === undefined ? {} : { right }) };
  }
}

/** What decisions are made of: the input of the last softmax, where all is not squeezed between 0 and 1 yet, or the output. */
function lastSoftmax(source: Model): { id: number } | undefined {
  return source.graph.nodes.find((node) => node.op === softmax.name && node.outputs[0] === source.graph.outputs[0]);
}

function decisionValue(model: Model, source: Model): ValueId {
  const last = lastSoftmax(source);
  const same = last && model.graph.nodes.find((node) => node.id === last.id);
  return same ? same.inputs[0]! : model.graph.outputs[0];
}

async function outputs(model: Model, source: Model, samples: SampleArray, runner: OrtRunner, task: Task): Promise<Float32Array[]> {
  const result: Float32Array[] = [];
  await withSession(runner, model, [decisionValue(model, source)], async (session) => {
    for (let index = 0; index < samples.count; index++) {
      throwIfCancelled(task.signal);
      const [scores] = await session.run(Float32Array.from(sampleAt(samples, index)));
      result.push(Float32Array.from(scores));
    }
  });
  return result;
}

function meanDivergence(expected: readonly Float32Array[], actual: readonly Float32Array[]): number {
  let sum = 0;
  expected.forEach((scores, i) => {
    const [p, q] = [logShares(scores), logShares(actual[i])];
    for (let c = 0; c < p.length; c++) sum += Math.exp(p[c]) * (p[c] - q[c]);
  });
  return sum / expected.length;
}

function logShares(scores: Float32Array): Float64Array {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const logSum = Math.log(scores.reduce((sum, x) => sum + Math.exp(x - largest), 0));
  return Float64Array.from(scores, (x) => x - largest - logSum);
}

function noiseShare(expected: readonly Float32Array[], actual: readonly Float32Array[]): number {
  let [signal, noise] = [0, 0];
  expected.forEach((scores, i) => scores.forEach((x, c) => {
    signal += x * x;
    noise += (x - actual[i][c]) ** 2;
  }));
  return signal > 0 ? noise / signal : noise;
}
