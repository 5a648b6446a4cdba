import { isas, type Isa } from '../engine/codegen/kernel';
import { planWithin, type MemoryChoice } from '../engine/codegen/choose-strips';
import { isOverBudget } from '../engine/codegen/problems';
import type { Program } from '../engine/codegen/program';
import { modelHashOf } from '../engine/codegen/emit';
import { analyze } from '../engine/cost/analyze';
import type { Machine } from '../engine/cost/latency';
import type { InspectReport } from '../engine/cost/report';
import { ProblemError } from '../base/problem';
import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { findBoard, boards } from '../device/boards';
import type { Board } from '../device/boards/board';
import { openExtents } from '../engine/formats/onnx/bind-shapes';
import { findModelData } from './data/project-file';
import type { InspectRequest, PlanRequest } from './engine-contract';
import { openModel, type OpenModel } from './model-file';
import { machineOf } from './machine';
import { planProgramWithin } from './plan-program';
import type { OpenProgram, PlanTask } from './program-cache';
import { appProblems } from './problems';

/** What a model costs, layer by layer, on the chosen board's instruction set (portable C without one). */
export async function inspectModel(request: InspectRequest, task: Task): Promise<InspectReport> {
  const { open, program } = await openProgram(request, task);
  return inspectProgram(open, program, request);
}

/** A model and its program for the board's instruction set; not made again where the task knows them. */
export async function openProgram(request: InspectRequest, task: PlanTask): Promise<OpenProgram> {
  const key = await task.programs?.keyOf(request, isaOfRequest(request));
  const known = key === undefined ? undefined : task.programs!.get(key);
  if (known) return known;
  const open = await openModel(request.path, task, request);
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Planning the arena' });
  const made = { open, program: await planProgramWithin(open.lowered, isaOfRequest(request), memoryOf(open, request), task.signal) };
  if (key !== undefined) task.programs!.keep(key, made);
  return made;
}

/** What a model that is open already costs. */
export const inspectOpen = (open: OpenModel, request: InspectRequest): Promise<InspectReport> => inspectProgram(open, planWithin(open.lowered, isaOfRequest(request), memoryOf(open, request)), request);

/** The same of a program that is planned already. */
export async function inspectProgram(open: OpenModel, program: Program, request: InspectRequest): Promise<InspectReport> {
  const costs = reportOf(open, program, await labelsOf(open), machineOfRequest(request));
  const report = { ...costs, problems: [...costs.problems, ...program.refusals.filter(isOverBudget)] };
  return request.withHash ? { ...report, model: { ...report.model, hash: modelHashOf(program.model) } } : report;
}

/** What was asked for, else what tinyml.json says of the model, else what is usual. */
export const memoryOf = (open: OpenModel, { memory, usualMemory }: PlanRequest): MemoryChoice => memory ?? open.memory ?? usualMemory ?? {};

export const isaOfRequest = ({ board, isa }: InspectRequest): Isa => (isa === undefined ? (boardOf(board)?.isa ?? 'c99') : isaOf(isa));

/** How fast the chosen board is; undefined without one, and where nothing is known of its core. */
export function machineOfRequest({ board: wanted, calibration }: InspectRequest): Machine | undefined {
  const board = boardOf(wanted);
  return board && machineOf(board, calibration);
}

export const reportOf = (open: OpenModel, program: Program, labels: readonly string[], machine?: Machine): InspectReport =>
  analyze({ model: open.asInFile, path: open.path, program, labels, openExtents: openExtents(open.canonical.graph), problems: open.problems, machine });

/** Class names: the workspace's word goes before the file's own. */
export async function labelsOf(open: OpenModel): Promise<readonly string[]> {
  const { labels } = await findModelData(open.path);
  return labels.length ? labels : open.labels;
}

/** A board by its id, or as it is where it is the user's own. */
function boardOf(wanted: InspectRequest['board']): Board | undefined {
  if (typeof wanted !== 'string') return wanted;
  const board = findBoard(wanted);
  if (!board) throw new ProblemError(appProblems.unknownChoice('board', wanted, boards.map((b) => b.id)));
  return board;
}

export function isaOf(name: string | undefined): Isa {
  const isa = isas.find((known) => known === (name ?? 'c99'));
  if (!isa) throw new ProblemError(appProblems.unknownChoice('instruction set', name!, isas));
  return isa;
}
