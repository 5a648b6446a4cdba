import type { Task } from '../../base/progress';
import type { Model } from '../../engine/ir/types';
import { lower, lowerAsInFile } from '../../engine/passes/pipeline';
import type { Dataset } from '../data/dataset';
import { spread } from '../data/samples';
import type { CompressReport } from '../engine-contract';
import type { TransformStep } from './steps';
import type { OpenModel } from '../model-file';
import type { OrtRunner } from '../runners/ort-client';
import { foldsOf, MOST_CHECKED, MOST_SAMPLES } from './build';
import { Deadline } from './deadline';
import { Lab } from './lab';
import { factorizeModel } from './reduce/factorize-model';
import { pruneModel } from './reduce/prune-model';
import type { Reduced, ReduceContext } from './reduce/reduce-context';

const names: Readonly<Record<TransformStep['kind'], string>> = { prune: 'pruned', factorize: 'factorized' };

/** Parts of the result's file name, such as `pruned`. */
export const stepNames = (steps: readonly TransformStep[]): string[] => steps.map(({ kind }) => names[kind]);

/** The model after all steps, each on what the one before has made. */
export async function transform(open: OpenModel, steps: readonly TransformStep[], dataset: Dataset, runner: OrtRunner, seconds: number, task: Task): Promise<{ open: OpenModel; reports: CompressReport['steps'] }> {
  let now = open;
  const reports: CompressReport['steps'][number][] = [];
  const all = spread(dataset.calibration, MOST_SAMPLES);
  const [{ fit }] = foldsOf(all, dataset.validation, Infinity);
  const judged = spread(dataset.validation ?? all, MOST_CHECKED);
  for (const step of steps) {
    const deadline = new Deadline(seconds);
    const { model, report } = await reduce({ lab: new Lab(now.canonical, runner, task, dataset.path, deadline), data: { all, fit, judged }, deadline }, step);
    reports.push(report);
    now = changed(now, model);
  }
  return { open: now, reports };
}

const reduce = (context: ReduceContext, step: TransformStep): Promise<Reduced> => (step.kind === 'prune' ? pruneModel(context, step) : factorizeModel(context, step));

const changed = (open: OpenModel, model: Model): OpenModel => ({ ...open, canonical: model, lowered: lower(model), asInFile: lowerAsInFile(model) });
