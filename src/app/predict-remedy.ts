import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { measuredOf } from './budgets/measure';
import { quantityText } from './budgets/problems';
import { remedies, type RemedyId } from './budgets/remedies';
import type { PredictReport, PredictRequest, RemedyRefused } from './engine-contract';
import { realFormOf } from './compress/real-form';
import { changed } from './compress/transform';
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

/** MACs are those of the file; bytes and time are those of the C, without its idle channels. */
const isAbout = ({ report: { totals }, budget }: Situation, id: RemedyId): boolean => id !== 'strips' && budget.resource !== 'macs' && totals.executedMacs < totals.macs;

/** What a remedy would do to a model's figures, without writing anything: the changed model is planned like any other. */
export async function predictRemedy(request: PredictRequest, task: Task): Promise<PredictReport | RemedyRefused> {
  const { remedy: id, budget } = request;
  const remedy = remedies.find((known) => known.id === id);
  if (!remedy) throw new ProblemError(appProblems.unknownChoice('remedy', id, remedies.map((known) => known.id)));
  const open = await openModel(request.path, task, request);
  task.progress({ stage: 'Planning the changed model' });
  const situation: Situation = {
    open, budget,
    real: realFormOf(open.canonical),
    report: await inspectOpen(open, request),
    costOf: (report) => measuredOf(budget, report)?.value,
    reportOf: ({ model, memory }) => {
      throwIfCancelled(task.signal);
      return inspectOpen(model ? changed(open, model) : open, { ...request, ...(memory ? { memory } : {}) });
    },
  };
  const before = situation.costOf(situation.report);
  if (before === undefined) return { why: 'It is not known what the model costs now.' };
  const rebuilt = await rebuild[remedy.id](situation);
  if ('why' in rebuilt) return rebuilt;
  const value = costOfParts(situation, rebuilt.report);
  return value < before ? { title: rebuilt.title, value, ...(isAbout(situation, remedy.id) ? { isAbout: true } : {}), caveat: rebuilt.caveat, ...(rebuilt.plan === undefined ? {} : { plan: rebuilt.plan }) } : { why: `It would be ${quantityText(budget.resource, value)}, no less than now.` };
}
