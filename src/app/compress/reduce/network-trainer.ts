import { throwIfCancelled } from '../../../base/cancel';
import { GraphEditor } from '../../../engine/ir/edit';
import { constantOf, constantTensor, tensorOf } from '../../../engine/ir/tensor';
import type { Model, StaticType } from '../../../engine/ir/types';
import { elementCount } from '../../../engine/ir/dtype';
import { Adam } from '../../../engine/gradient/adam';
import { gradientGraph, type GradientGraph } from '../../../engine/gradient/gradient-graph';
import type { SampleArray } from '../../data/samples';
import type { OrtModel } from '../../runners/ort-client';
import type { OrtTensor } from '../../runners/ort-contract';
import type { Lab } from '../lab';

/** What the original makes of samples: for each target, all samples one after another. */
export interface Wanted {
  readonly samples: SampleArray;
  readonly targets: readonly Float32Array[];
}

/** How far steps go: `rate` is a share of a tensor's own size; they become longer at first, while gradients are little known, and shorter along half a cosine. */
export interface Schedule {
  readonly rate: number;
  readonly steps: number;
  readonly warmUp: number;
}

const rateAt = ({ rate, steps, warmUp }: Schedule, step: number): number => rate * Math.min(1, (step + 1) / warmUp) * 0.5 * (1 + Math.cos((Math.PI * step) / steps));

/** All weights of a model on their way towards what the original makes of samples: gradient descent, no labels. */
export class NetworkTrainer {
  private readonly parameters: Float32Array;
  private readonly adam: Adam;
  private order: number[] = [];
  private random = 1;

  private constructor(
    private readonly lab: Lab, private readonly model: Model, private readonly graph: GradientGraph, private readonly loaded: OrtModel, private readonly inputShape: readonly number[],
    private readonly scales: readonly Float32Array[],
  ) {
    this.parameters = new Float32Array(graph.size);
    for (const { value, at } of graph.parameters) this.parameters.set(Float32Array.from(constantTensor(model.graph.values.get(value)!).data), at);
    this.adam = new Adam(graph.parameters, graph.size);
  }

  /** Throws `NoGradient`. */
  static async open(lab: Lab, model: Model, batch: number, wanted: Wanted): Promise<NetworkTrainer> {
    const graph = gradientGraph(model, batch);
    const shape = model.graph.values.get(model.graph.inputs[0])!.type.shape!;
    // Distances of numbers count in shares of what the original makes.
    const scales = wanted.targets.map((list) => Float32Array.of(list.length / Math.max(1e-30, list.reduce((sum, x) => sum + x * x, 0))));
    return new NetworkTrainer(lab, model, graph, await lab.runner.load(graph.bytes), [batch, ...shape.slice(1)], scales);
  }

  /** Step `step`, counted from 0, on the next samples of a shuffled round. */
  async step(wanted: Wanted, schedule: Schedule, step: number): Promise<void> {
    throwIfCancelled(this.lab.task.signal);
    const { gradient } = await this.run(wanted, this.next(wanted.samples.count));
    this.adam.step(this.parameters, gradient, rateAt(schedule, step));
  }

  /** Mean loss over samples; those at the end come twice where they do not fill a batch. */
  async loss(wanted: Wanted): Promise<number> {
    const { batch } = this.graph;
    const { count } = wanted.samples;
    let sum = 0;
    const batches = Math.ceil(count / batch);
    for (let b = 0; b < batches; b++) {
      throwIfCancelled(this.lab.task.signal);
      const from = Math.max(0, Math.min(b * batch, count - batch));
      sum += (await this.run(wanted, Array.from({ length: batch }, (_, i) => (from + i) % count))).loss;
    }
    return sum / batches;
  }

  /** The model with the weights as they are now. */
  modelNow(): Model {
    const editor = GraphEditor.of(this.model.graph);
    for (const { value, at, size } of this.graph.parameters) {
      const old = editor.value(value);
      editor.values.set(value, { ...old, constant: constantOf(tensorOf(old.type as StaticType, this.parameters.slice(at, at + size))) });
    }
    return { ...this.model, graph: editor.finish() };
  }

  close(): Promise<void> {
    return this.loaded.unload();
  }

  private next(count: number): number[] {
    const { batch } = this.graph;
    while (this.order.length < batch) this.order.push(...this.shuffled(count));
    return this.order.splice(0, batch);
  }

  /** The same order in every run: results can be made again. */
  private shuffled(count: number): number[] {
    const list = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
      const j = Math.floor((this.random / 2 ** 32) * (i + 1));
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }

  private async run({ samples, targets }: Wanted, picked: readonly number[]): Promise<{ loss: number; gradient: Float32Array }> {
    const { graph, inputShape } = this;
    const gathered = (values: ArrayLike<number>, size: number): Float32Array => {
      const into = new Float32Array(picked.length * size);
      picked.forEach((sample, at) => {
        for (let i = 0; i < size; i++) into[at * size + i] = values[sample * size + i];
      });
      return into;
    };
    const feeds: Record<string, OrtTensor> = {
      parameters: { type: 'float32', shape: [graph.size], data: this.parameters },
      input: { type: 'float32', shape: inputShape, data: gathered(samples.values, elementCount(inputShape) / graph.batch) },
    };
    graph.targets.forEach(({ name, scale, shape }, i) => {
      feeds[name] = { type: 'float32', shape, data: gathered(targets[i], elementCount(shape) / graph.batch) };
      feeds[scale] = { type: 'float32', shape: [], data: this.scales[i] };
    });
    const { loss, gradient } = await this.loaded.run(feeds);
    return { loss: (loss.data as Float32Array)[0], gradient: gradient.data as Float32Array };
  }
}
