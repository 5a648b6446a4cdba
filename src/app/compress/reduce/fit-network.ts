import { batchSize } from '../../../engine/gradient/batch-size';
import { NoGradient } from '../../../engine/gradient/backpropagation';
import { gradientGraph, targetsOf } from '../../../engine/gradient/gradient-graph';
import type { Model } from '../../../engine/ir/types';
import type { SampleArray } from '../../data/samples';
import type { Deadline } from '../deadline';
import type { Lab } from '../lab';
import type { NetworkFit, Refit, StepReport } from '../steps';
import { NetworkTrainer, type Schedule, type Wanted } from './network-trainer';
import type { ReduceContext } from './reduce-context';

/** Samples at a time: more bring nothing in onnxruntime on a computer's caches. */
const BATCH = 32;
/** The faster way finds more where there is much to be won, the slower one loses less of what is there. */
const schedules: readonly Schedule[] = [1e-3, 2e-4].map((rate) => ({ rate, steps: 320, warmUp: 20 }));
/** Steps between two looks at the samples held back. */
const LOOK = 20;
/** States of the network are as good as the best one where they are no further than this from it on samples held back. */
const AS_GOOD = 1.05;
/** Looks without a state as good as that before a way ends. */
const PATIENCE = 4;
/** Weights up to which it is tried: states are kept while they are compared. */
const MOST_WEIGHTS = 2e6;

interface FittedTogether {
  readonly model: Model;
  /** For the report: `trials` with the choice that was fitted further behind them. */
  readonly told: Pick<StepReport, 'trials' | 'network'>;
}

/** Where the step asks for it: see `fitNetwork`. */
export async function fitTogether(context: ReduceContext, refit: Refit | undefined, trials: StepReport['trials'], trial: () => Promise<Model>, model: Model): Promise<FittedTogether> {
  return refit === false || refit === 'layers' ? { model, told: { trials } } : fitNetwork(context, trials, trial, model);
}

/**
 * All layers fitted together, after each was fitted by itself: gradient descent towards what the original makes of the given
 * samples, without labels. How long is found on samples held back: of all states as good as the best one there, the one
 * nearest on the given samples. `trial` was fitted without those held back; `model`, which goes the same way then, with them.
 */
async function fitNetwork(context: ReduceContext, trials: StepReport['trials'], trial: () => Promise<Model>, model: Model): Promise<FittedTogether> {
  const { lab, data } = context;
  const deadline = context.deadline.again();
  const unchanged = (reason: string): FittedTogether => ({ model, told: { trials, network: { steps: 0, reason } } });
  // How far to go would be judged by the very samples that are learnt.
  if (data.held === data.fit) return unchanged('there are too few samples to hold some back');
  const batch = Math.min(batchSize(model, BATCH), data.fit.count);
  const fitting = attempt(() => gradientGraph(model, batch));
  if (typeof fitting === 'string') return unchanged(fitting);
  if (fitting.size > MOST_WEIGHTS) return unchanged(`it has more than ${MOST_WEIGHTS / 1e6} million weights`);
  const wanted = (samples: SampleArray): Promise<Wanted> => wantedOf(lab, samples);
  const [fit, held] = [await wanted(data.fit), await wanted(data.held)];
  const start = await trial();
  const looks: State[] = [];
  for (const schedule of schedules) {
    if (!deadline.isOver()) looks.push(...(await statesOnTheWay(lab, start, batch, { fit, held }, schedule, deadline)));
  }
  const chosen = chooseLook(looks);
  const [before] = looks;
  if (!chosen?.model || chosen.steps === 0) return unchanged('samples held back were no nearer');
  const network: NetworkFit = { steps: chosen.steps, held: { before: before.held, after: chosen.held }, given: { before: before.given, after: chosen.given } };
  const told = { network, trials: [...trials, { step: `all layers fitted together, ${chosen.steps} steps`, ...(await lab.judge(chosen.model, data.judged)), kept: true }] };
  // With a validation set of its own the search has seen all samples.
  return { model: data.fit === data.all ? chosen.model : await trained(lab, model, batch, await wanted(data.all), chosen.schedule, chosen.steps), told };
}

/** A model on its way, and how it came there. */
interface State extends Look {
  readonly schedule: Schedule;
  readonly model?: Model;
}

async function statesOnTheWay(lab: Lab, start: Model, batch: number, { fit, held }: { readonly fit: Wanted; readonly held: Wanted }, schedule: Schedule, deadline: Deadline): Promise<State[]> {
  const trainer = await NetworkTrainer.open(lab, start, batch, fit);
  const states: State[] = [];
  let best = Infinity;
  try {
    for (let steps = 0; ; steps++) {
      if (steps % LOOK === 0) {
        const look = { steps, held: await trainer.loss(held), given: await trainer.loss(fit) };
        if (!Number.isFinite(look.held) || !Number.isFinite(look.given)) return states;
        best = Math.min(best, look.held);
        // Weights of others need not be kept: none of them will be chosen.
        states.push({ ...look, schedule, ...(look.held <= best * AS_GOOD ? { model: trainer.modelNow() } : {}) });
        if (states.slice(-PATIENCE).every((other) => other.held > best * AS_GOOD) || deadline.isOver()) return states;
      }
      if (steps === schedule.steps) return states;
      lab.task.progress({ stage: 'Fitting the whole network', done: steps, total: schedule.steps });
      await trainer.step(fit, schedule, steps);
    }
  } finally {
    await trainer.close();
  }
}

/** Losses after some steps. */
export interface Look {
  readonly steps: number;
  readonly held: number;
  readonly given: number;
}

/** Of all states as good as the best one on samples held back, the one nearest on the given samples. */
export function chooseLook<L extends Look>(looks: readonly L[]): L | undefined {
  const best = Math.min(...looks.map(({ held }) => held));
  return looks.filter(({ held }) => held <= best * AS_GOOD).reduce<L | undefined>((a, b) => (a && a.given <= b.given ? a : b), undefined);
}

async function trained(lab: Lab, model: Model, batch: number, wanted: Wanted, schedule: Schedule, steps: number): Promise<Model> {
  const trainer = await NetworkTrainer.open(lab, model, batch, wanted);
  try {
    for (let step = 0; step < steps; step++) {
      lab.task.progress({ stage: 'Fitting the whole network to all samples', done: step, total: steps });
      await trainer.step(wanted, schedule, step);
    }
    return trainer.modelNow();
  } finally {
    await trainer.close();
  }
}

/** The result, or why there is none. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof NoGradient) return error.message;
    throw error;
  }
}

/** What the original makes of samples. */
async function wantedOf(lab: Lab, samples: SampleArray): Promise<Wanted> {
  const targets = targetsOf(lab.source, 1);
  const rows: Float32Array[][] = targets.map(() => []);
  await lab.forEachSample(lab.source, targets.map(({ value }) => value), samples, 'Watching the original', (values) => values.forEach((list, i) => rows[i].push(Float32Array.from(list))));
  return { samples, targets: rows.map((list) => joined(list)) };
}

function joined(list: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(list.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of list) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
