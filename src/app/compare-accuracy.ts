import type { Task } from '../base/progress';
import { ProblemError } from '../base/problem';
import type { ComparedAccuracy } from '../engine/cost/compare-report';
import { accuracyOf, argmax, paired } from './accuracy';
import { accuracyOfPair } from './accuracy-of-pair';
import { results } from './compress/predict';
import type { CompareAccuracyRequest } from './engine-contract';
import { labelsOf } from './inspect-model';
import { datasetOf } from './load-samples';
import { openModel } from './model-file';
import { appProblems } from './problems';

/** Both models on the labelled test samples of the first, in the arithmetic of the generated C. @throws ProblemError where there are none. */
export async function compareAccuracy({ before, after, data }: CompareAccuracyRequest, task: Task): Promise<ComparedAccuracy> {
  const first = await openModel(before.path, task, before);
  const second = await openModel(after.path, task, after);
  const { test, path } = await datasetOf(first, task, data);
  if (!test.labels) throw new ProblemError(appProblems.badData(path, 'Its test samples have no labels (y_test).'));
  const was = (await results(first, test, 'Testing the model before', task)).map(argmax);
  const is = (await results(second, test, 'Testing the model after', task)).map(argmax);
  const { labels: truth } = test;
  const right = (answers: readonly number[]): number => answers.filter((answer, i) => answer === truth[i]).length;
  return accuracyOfPair({ before: accuracyOf(right(was), was.length), after: accuracyOf(right(is), is.length), ...paired(truth, was, is), labels: await labelsOf(first) });
}
