import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { formsOf } from '../engine/passes/pipeline';
import { measuredOf } from './budgets/measure';
import { remedies, type RemedyId } from './budgets/remedies';
import type { PredictReport, PredictRequest } from './engine-contract';
import { inspectOpen } from './inspect-model';
import { openModel } from './model-file';
import { appProblems } from './problems';
import { costOfParts, factorized } from './remedies/factorize';
import { inInt8 } from './remedies/int8';
import { pruned } from './remedies/prune';
import type { Rebuild, Situation } from './remedies/rebuild';
import { inStrips } from './remedies/strips';

/** The model as each remedy would make it, for the engine to plan: its sizes are those of the real result. */
const rebuild: Readonly<Record<RemedyId, Rebuild>> = { strips: inStrips, int8: inInt8, prune: pruned, factorize: factorized };

/** What a remedy would do to a model's figures, without writing anything: the changed model is planned like any other. null: it does not help. */
export async function predictRemedy(request: PredictRequest, task: Task): Promise<PredictReport | null> {
  const { remedy: id, budget } = request;
  const remedy = remedies.find((known) => known.id === id);
  if (!remedy) throw new ProblemError(appProblems.unknownChoice('remedy', id, remedies.map((known) => known.id)));
  const open = await openModel(request.path, task, request);
  task.progress({ stage: 'Planning the changed model' });
  const situation: Situation = {
    open, budget,
    report: await inspectOpen(open, request),
    costOf: (report) => measuredOf(budget, report)?.value,
    reportOf: ({ model, memory }) => {
      throwIfCancelled(task.signal);
      const changed = model ? { ...open, ...formsOf(model) } : open;
      return inspectOpen(changed, { ...request, ...(memory ? { memory } : {}) });
    },
  };
  const before = situation.costOf(situation.report);
  if (before === undefined) return null;
  const rebuilt = await rebuild[remedy.id](situation);
  if (!rebuilt) return null;
  const value = costOfParts(situation, rebuilt.report);
  return value < before ? { title: rebuilt.title, value, caveat: rebuilt.caveat, ...(rebuilt.plan === undefined ? {} : { plan: rebuilt.plan }) } : null;
}
