import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { remedies } from './budgets/remedies';
import type { PredictReport, PredictRequest } from './engine-contract';
import { inspectOpen } from './inspect-model';
import { openModel } from './model-file';
import { appProblems } from './problems';

/** What a remedy would do to a model's figures, without writing anything: the changed model is planned like any other. */
export async function predictRemedy({ path, board, calibration, remedy: id }: PredictRequest, task: Task): Promise<PredictReport> {
  const remedy = remedies.find((known) => known.id === id);
  if (!remedy) throw new ProblemError(appProblems.unknownChoice('remedy', id, remedies.map((known) => known.id)));
  const open = await openModel(path, task);
  task.progress({ stage: 'Planning the changed model' });
  const { totals, time, layers } = await inspectOpen(remedy.rebuild(open), { path, board, calibration });
  return { totals: { macs: totals.macs, flashBytes: totals.flashBytes, ramBytes: totals.ramBytes, ...(time ? { timeUs: time.us } : {}) }, layers, caveat: remedy.caveat };
}
