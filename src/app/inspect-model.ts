import { isas, type Isa } from '../engine/codegen/kernel';
import { planProgram, type Program } from '../engine/codegen/program';
import { analyze } from '../engine/cost/analyze';
import type { InspectReport } from '../engine/cost/report';
import { ProblemError } from '../base/problem';
import { throwIfCancelled } from '../base/cancel';
import type { Task } from '../base/progress';
import { findBoard, boards } from '../device/boards';
import { openExtents } from '../engine/formats/onnx/bind-shapes';
import { findModelData } from './data/project-file';
import type { InspectRequest } from './engine-contract';
import { openModel, type OpenModel } from './model-file';
import { appProblems } from './problems';

/** What a model costs, layer by layer, on the chosen board's instruction set (portable C without one). */
export async function inspectModel(request: InspectRequest, task: Task): Promise<InspectReport> {
  const open = await openModel(request.path, task, request);
  throwIfCancelled(task.signal);
  task.progress({ stage: 'Planning the arena' });
  const program = planProgram(open.lowered, isaOfBoard(request.board));
  return reportOf(open, program, await labelsOf(open));
}

export const reportOf = (open: OpenModel, program: Program, labels: readonly string[]): InspectReport =>
  analyze({ model: open.asInFile, path: open.path, program, labels, openExtents: openExtents(open.canonical.graph), problems: open.problems });

/** Class names: the workspace's word goes before the file's own. */
export async function labelsOf(open: OpenModel): Promise<readonly string[]> {
  const { labels } = await findModelData(open.path);
  return labels.length ? labels : open.labels;
}

export function isaOfBoard(boardId: string | undefined): Isa {
  if (boardId === undefined) return 'c99';
  const board = findBoard(boardId);
  if (!board) throw new ProblemError(appProblems.unknownChoice('board', boardId, boards.map((b) => b.id)));
  return board.isa;
}

export function isaOf(name: string | undefined): Isa {
  const isa = isas.find((known) => known === (name ?? 'c99'));
  if (!isa) throw new ProblemError(appProblems.unknownChoice('instruction set', name!, isas));
  return isa;
}
