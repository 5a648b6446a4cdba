import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { compareReports } from '../engine/cost/compare';
import type { CompareReport } from '../engine/cost/compare-report';
import type { CompareRequest } from './engine-contract';
import { inspectModel } from './inspect-model';

/** Two models, or two versions of one, on the same board: what `after` costs more or less, layer by layer. */
export async function compareModels({ before, after, board, calibration }: CompareRequest, task: Task): Promise<CompareReport> {
  const side = async (model: CompareRequest['before'], done: number): Promise<Awaited<ReturnType<typeof inspectModel>>> => {
    throwIfCancelled(task.signal);
    return inspectModel({ ...model, board, calibration }, { ...task, progress: ({ stage }) => task.progress({ stage, done, total: 2 }) });
  };
  return compareReports(await side(before, 1), await side(after, 2));
}
