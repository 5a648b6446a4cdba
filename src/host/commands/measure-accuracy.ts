import path from 'node:path';
import * as vscode from 'vscode';
import type { Accuracy } from '../../app/engine-contract';
import { formatPercent } from '../../base/units';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { modelTarget } from './model-target';

/** Runs the labelled test samples of a model; budgets of accuracy are judged by the result until the model changes. */
export async function measureAccuracy(services: Services, target?: unknown): Promise<Accuracy | undefined> {
  const model = await modelTarget(target);
  const name = path.basename(model);
  const accuracy = await services.budgets.measureAccuracy(model, () =>
    withTask(`Measuring the accuracy of ${name}`, services.log, (task) => services.engine.request('accuracy', { path: model }, { signal: task.signal, progress: (p) => task.progress(p) })),
  );
  if (!accuracy) return undefined;
  const { right, total, low, high } = accuracy;
  void vscode.window.showInformationMessage(`${name}: ${formatPercent(right / total)} (${right} of ${total}), 95 % interval ${formatPercent(low)} to ${formatPercent(high)}`);
  return accuracy;
}
