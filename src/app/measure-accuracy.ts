import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { accuracyOf, argmax } from './accuracy';
import { results } from './compress/predict';
import type { Accuracy, AccuracyRequest } from './engine-contract';
import { datasetOf } from './load-samples';
import { openModel } from './model-file';
import { appProblems } from './problems';

/** Right answers of the model on its labelled test samples, in the arithmetic of the generated C. */
export async function measureAccuracy(request: AccuracyRequest, task: Task): Promise<Accuracy> {
  const open = await openModel(request.path, task, request);
  const { test, path } = await datasetOf(open, task, request.data);
  if (!test.labels) throw new ProblemError(appProblems.badData(path, 'Its test samples have no labels (y_test).'));
  const outputs = await results(open, test, 'Testing the model', task);
  return accuracyOf(outputs.filter((scores, i) => argmax(scores) === test.labels![i]).length, outputs.length);
}
