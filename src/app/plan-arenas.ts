import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { planProgram, type Program } from '../engine/codegen/program';
import { arenaReport } from '../engine/cost/analyze';
import type { InspectRequest, PlanReport, PlansReport } from './engine-contract';
import { openProgram } from './inspect-model';

/** The arena as generated, and what it would need without overwriting and, where layers run in another order, in the file's: what the planner gains. */
export async function planArenas(request: InspectRequest, task: Task): Promise<PlansReport> {
  const { open, program } = await openProgram(request, task);
  const layerOf = new Map(program.steps.map((step) => [step.node.id, step.index]));
  const planOf = (id: PlanReport['id'], other: Program): PlanReport => ({ id, arena: arenaReport(other), order: other.steps.flatMap((step) => layerOf.get(step.node.id) ?? []) });
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Planning without overwriting', done: 1, total: 2 });
  const apart = planOf('apart', planProgram(program.model, program.isa, { overwrite: false }));
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Planning in the order of the file', done: 2, total: 2 });
  const inFileOrder = program.order.isChanged ? [planOf('file-order', planProgram(open.lowered, program.isa, { reorder: false }))] : [];
  return { plans: [planOf('generated', program), apart, ...inFileOrder] };
}
