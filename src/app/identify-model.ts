import type { Task } from '../base/progress';
import { modelHashOf } from '../engine/codegen/emit';
import { portReports } from '../engine/cost/analyze';
import type { ModelIdentity, ModelRequest } from './engine-contract';
import { labelsOf } from './inspect-model';
import { openModel } from './model-file';

/** How firmware of a model is recognised, and what its first output means. */
export async function identifyModel(request: ModelRequest, task: Task): Promise<ModelIdentity> {
  const open = await openModel(request.path, task, request);
  const { graph } = open.lowered;
  return { modelHash: modelHashOf(open.lowered), input: portReports(graph, graph.inputs)[0], output: portReports(graph, graph.outputs)[0], labels: await labelsOf(open) };
}
