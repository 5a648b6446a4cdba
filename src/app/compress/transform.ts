import type { Task } from '../../base/progress';
import { ProblemError } from '../../base/problem';
import { activationsToMeasure } from '../../engine/compress/plan';
import { compressProblems } from '../../engine/compress/problems';
import { requantized, type RealTwin } from '../../engine/compress/real-twin';
import type { Model } from '../../engine/ir/types';
import { formsOf } from '../../engine/passes/pipeline';
import type { Dataset } from '../data/dataset';
import { spread } from '../data/samples';
import type { CompressReport } from '../engine-contract';
import { stepNames, type ReduceStep, type StepReport, type StoreStep, type TransformStep } from './steps';
import type { OpenModel } from '../model-file';
import type { OrtRunner } from '../runners/ort-client';
import { foldsOf, MOST_CHECKED, MOST_SAMPLES } from './build';
import { Deadline } from './deadline';
import { Lab } from './lab';
import type { Timing } from './reduce/board-time';
import { factorizeModel } from './reduce/factorize-model';
import { pruneModel } from './reduce/prune-model';
import { realFormOf, type RealForm } from './real-form';
import type { Reduced, ReduceContext } from './reduce/reduce-context';
import { storeModel } from './store/store-model';

/** Parts of the result's file name, such as `pruned`. */
export const namesOf = (steps: readonly TransformStep[]): string[] => steps.map(({ kind }) => stepNames[kind]);

/** The model after all steps, each on what the one before has made. */
export async function transform(open: OpenModel, steps: readonly TransformStep[], dataset: Dataset, runner: OrtRunner, seconds: number, task: Task, timingOf?: (isCoded: boolean) => Timing): Promise<{ open: OpenModel; reports: CompressReport['steps'] }> {
  let now = open;
  const reports: StepReport[] = [];
  if (!steps.length) return { open, reports };
  const all = spread(dataset.calibration, MOST_SAMPLES);
  const [{ fit, check: held }] = foldsOf(all, dataset.validation, Infinity);
  const judged = spread(dataset.validation ?? all, MOST_CHECKED);
  for (const step of steps) {
    const deadline = new Deadline(seconds);
    // Codes are looked at as the numbers that they stand for.
    const { model: real, twin, coded } = realOf(now);
    const lab = new Lab(real, runner, task, dataset.path, deadline);
    const timing = timingOf?.(twin !== undefined);
    const context: ReduceContext = { lab, data: { all, fit, judged, held }, deadline, ...(timing ? { timing } : {}), ...(twin ? { coded } : {}) };
    const { model, report } = isStoreStep(step) ? await storeModel(context, now.canonical, step) : await reduce(context, step, twin);
    reports.push(report);
    now = changed(now, model);
  }
  return { open: now, reports };
}

const isStoreStep = (step: TransformStep): step is StoreStep => step.kind === 'cluster' || step.kind === 'sparsify';

/** The steps that C profits from only where it is asked to be small. */
export const areForFlash = (steps: readonly TransformStep[]): boolean => steps.some(isStoreStep);

async function reduce(context: ReduceContext, step: ReduceStep, twin: RealTwin | undefined): Promise<Reduced> {
  const reduced = await (step.kind === 'prune' ? pruneModel(context, step) : factorizeModel(context, step));
  if (!twin) return reduced;
  // Values that the step has made have no scale yet.
  const { model } = reduced;
  const isNew = activationsToMeasure(model.graph).some((id) => !twin.ranges.has(id));
  return { ...reduced, model: requantized(twin, model, isNew ? await context.lab.ranges(model, 'min-max', context.data.all) : new Map()) };
}

function realOf({ canonical, path }: OpenModel): RealForm {
  const real = realFormOf(canonical);
  if (!real) throw new ProblemError(compressProblems.pruneQuantized(path));
  return real;
}

/** The same file with another model. */
export const changed = (open: OpenModel, model: Model): OpenModel => ({ ...open, ...formsOf(model) });
