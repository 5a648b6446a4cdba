import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { estimateRanges } from '../engine/compress/estimate-ranges';
import { quantizeModel } from '../engine/compress/quantize-model';
import { lower, lowerAsInFile } from '../engine/passes/pipeline';
import { remedies, type RemedyId } from './budgets/remedies';
import type { PredictReport, PredictRequest } from './engine-contract';
import { inspectOpen } from './inspect-model';
import { openModel, type OpenModel } from './model-file';
import { appProblems } from './problems';

/** The model as each remedy would make it, for the engine to plan: its sizes are those of the real result. */
const rebuild: Readonly<Record<RemedyId, (open: OpenModel) => OpenModel>> = {
  int8: (open) => {
    // Sizes depend on types and shapes, not on the ranges: guessed ones do.
    const { value } = quantizeModel(open.canonical, { formOf: () => ({ activations: 'int8', weights: 'int8' }), ranges: estimateRanges(open.canonical, { min: -1, max: 1 }) });
    return { ...open, canonical: value, lowered: lower(value), asInFile: lowerAsInFile(value) };
  },
};

/** What a remedy would do to a model's figures, without writing anything: the changed model is planned like any other. */
export async function predictRemedy({ path, board, calibration, remedy: id }: PredictRequest, task: Task): Promise<PredictReport> {
  const remedy = remedies.find((known) => known.id === id);
  if (!remedy) throw new ProblemError(appProblems.unknownChoice('remedy', id, remedies.map((known) => known.id)));
  const open = await openModel(path, task);
  task.progress({ stage: 'Planning the changed model' });
  const { totals, time, layers } = await inspectOpen(rebuild[remedy.id](open), { path, board, calibration });
  return { totals: { macs: totals.macs, flashBytes: totals.flashBytes, ramBytes: totals.ramBytes, ...(time ? { timeUs: time.us } : {}) }, layers, caveat: remedy.caveat };
}
