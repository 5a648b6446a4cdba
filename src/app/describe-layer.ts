import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { inFileViews } from '../engine/cost/analyze';
import { layerDetail } from '../engine/cost/layer-detail';
import type { LayerDetailReport } from '../engine/cost/layer-detail-report';
import { weightSummary } from '../engine/cost/weight-report';
import type { InspectRequest, LayerRequest, WeightsReport } from './engine-contract';
import { machineOfRequest, openProgram, reportOf } from './inspect-model';
import { appProblems } from './problems';

/** Everything about one layer. Its weights are read here and stay here: what leaves are counts and bins. */
export async function describeLayer(request: LayerRequest, task: Task): Promise<LayerDetailReport> {
  const { open, program } = await openProgram(request, task);
  if (!program.steps[request.layer]) throw new ProblemError(appProblems.unknownChoice('layer', String(request.layer), [`0 to ${program.steps.length - 1}`]));
  const machine = machineOfRequest(request);
  return layerDetail(open.asInFile, program, reportOf(open, program, [], machine), request.layer, machine);
}

/** Zeros and dead channels of every layer: reads all weights of the file. */
export async function summarizeWeights(request: InspectRequest, task: Task): Promise<WeightsReport> {
  const { open, program } = await openProgram(request, task);
  const inFile = inFileViews(open.asInFile);
  const layers: (WeightsReport['layers'][number])[] = [];
  for (const step of program.steps) {
    throwIfCancelled(task.signal);
    task.progress({ stage: 'Reading the weights', done: step.index, total: program.steps.length });
    const summary = weightSummary(inFile.get(step.node.id) ?? step.view);
    if (summary) layers.push({ index: step.index, ...summary });
  }
  return { layers };
}
