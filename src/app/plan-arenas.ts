import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { planProgram, type Program } from '../engine/codegen/program';
import { arenaReport } from '../engine/cost/analyze';
import type { NodeId } from '../engine/ir/types';
import type { InspectRequest, PlanReport, PlansReport } from './engine-contract';
import { openProgram, reportOf } from './inspect-model';
import { planProgramWithin } from './plan-program';

/**
 * The arena as generated, and what it would need without overwriting; where layers run in another order, in the file's; and with the
 * first layers in strips of rows, or without where they are: what the planner gains, and could.
 */
export async function planArenas(request: InspectRequest, task: Task): Promise<PlansReport> {
  const { open, program } = await openProgram(request, task);
  const planOf = (id: PlanReport['id'], other: Program): PlanReport => ({ id, arena: other.strips ? reportOf(open, other, []).arena : arenaReport(other), order: orderOf(program, other) });
  const stage = (name: string, done: number): void => {
    throwIfCancelled(task.signal);
    task.progress({ stage: name, done, total: 3 });
  };
  stage('Planning without overwriting', 1);
  const apart = planOf('apart', planProgram(program.model, program.isa, { overwrite: false }));
  stage('Planning in the order of the file', 2);
  // Strips are no order of the file's layers.
  const inFileOrder = program.order.isChanged && !program.strips ? [planOf('file-order', planProgram(open.lowered, program.isa, { reorder: false }))] : [];
  stage('Planning strips of rows', 3);
  const other = program.strips ? planProgram(open.lowered, program.isa) : await planProgramWithin(open.lowered, program.isa, { patches: 'auto' }, task.signal);
  const inStrips = other.strips ? [planOf('strips', other)] : program.strips ? [planOf('whole', other)] : [];
  return { plans: [planOf('generated', program), apart, ...inFileOrder, ...inStrips] };
}

/** For each step of a plan the layer of the report that it computes, or a part of it; copies between strips belong to the layer before. */
function orderOf(reported: Program, plan: Program): readonly number[] {
  const wholeOf = ({ strips }: Program, id: NodeId): NodeId => strips?.sources.get(id)?.node ?? id;
  const layerOf = new Map<NodeId, number>();
  for (const step of [...reported.steps].reverse()) layerOf.set(wholeOf(reported, step.node.id), step.index);
  // Steps of the same plan are told apart even where they are strips of one layer.
  const own = new Map(reported.steps.map((step) => [step.node.id, step.index]));
  let before = 0;
  return plan.steps.map((step) => (before = (Boolean(reported.strips) === Boolean(plan.strips) ? own.get(step.node.id) : undefined) ?? layerOf.get(wholeOf(plan, step.node.id)) ?? before));
}
