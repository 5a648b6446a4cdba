import type { Task } from '../base/progress';
import { planWithin } from '../engine/codegen/choose-strips';
import { modelHashOf } from '../engine/codegen/emit';
import { portReports } from '../engine/cost/analyze';
import type { ModelIdentity, PlanRequest } from './engine-contract';
import { labelsOf, memoryOf } from './inspect-model';
import { openModel } from './model-file';

/** How firmware of a model is recognised, and what its first output means. */
export async function identifyModel(request: PlanRequest, task: Task): Promise<ModelIdentity> {
  const open = await openModel(request.path, task, request);
  const { graph } = open.lowered;
  const { model } = planWithin(open.lowered, 'c99', memoryOf(open, request));
  return { modelHash: modelHashOf(model), input: portReports(graph, graph.inputs)[0], output: portReports(graph, graph.outputs)[0], labels: await labelsOf(open) };
}
