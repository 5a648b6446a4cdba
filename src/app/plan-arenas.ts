import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { planProgram, type Program } from '../engine/codegen/program';
import { arenaReport } from '../engine/cost/analyze';
import { smallerOrder } from '../engine/memory/order';
import type { InspectRequest, PlanReport, PlansReport } from './engine-contract';
import { openProgram } from './inspect-model';

/** The arena as generated, and what it would need without overwriting and in another order: what the planner gains, and could. */
export async function planArenas(request: InspectRequest, task: Task): Promise<PlansReport> {
  const { program } = await openProgram(request, task);
  const layerOf = new Map(program.steps.map((step) => [step.node.id, step.index]));
  const planOf = (id: PlanReport['id'], other: Program): PlanReport => ({ id, arena: arenaReport(other), order: other.steps.map((step) => layerOf.get(step.node.id)!) });
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Planning without overwriting', done: 1, total: 2 });
  const apart = planOf('apart', planProgram(program.model, program.isa, { overwrite: false }));
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Planning in another order', done: 2, total: 2 });
  const model = smallerOrder(program.model);
  const reordered = model === program.model ? [] : [planOf('reordered', planProgram(model, program.isa))];
  return { plans: [planOf('generated', program), apart, ...reordered] };
}
