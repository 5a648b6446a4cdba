import type { Task } from '../base/progress';
import { modelHashOf } from '../engine/codegen/emit';
import { isas } from '../engine/codegen/kernel';
import { portReports } from '../engine/cost/analyze';
import type { ModelIdentity, PlanRequest } from './engine-contract';
import { labelsOf, memoryOf } from './inspect-model';
import { openModel } from './model-file';
import { planProgramWithin } from './plan-program';

/** How firmware of a model is recognised, and what its first output means. */
export async function identifyModel(request: PlanRequest, task: Task): Promise<ModelIdentity> {
  const open = await openModel(request.path, task, request);
  const { graph } = open.lowered;
  const hashes = new Set<number>();
  // Order and strips of the layers depend on what the kernels of an instruction set need, and whose board it is nobody says.
  for (const [done, isa] of isas.entries()) {
    task.progress({ stage: 'Planning for every instruction set', done, total: isas.length });
    hashes.add(modelHashOf((await planProgramWithin(open.lowered, isa, memoryOf(open, request), task.signal)).model));
  }
  return { modelHashes: [...hashes], input: portReports(graph, graph.inputs)[0], output: portReports(graph, graph.outputs)[0], labels: await labelsOf(open) };
}
