import path from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary } from '../../app/run-contract';
import { isCancelled } from '../../base/cancel';
import { ProblemError, problemOfUnknown } from '../../base/problem';
import type { Board } from '../../device/boards/board';
import type { StartedRun } from '../device/run-manager';
import { summaryLine } from '../present/run';
import { unknownBoard } from '../problems';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { pickBoard } from './choose-board';
import { modelTarget } from './model-target';
import { pickPort } from './pick-port';

const BUILD = 'build';

export interface FlashOptions {
  /** Id of a board; asked where absent. */
  readonly board?: string;
  readonly port?: string;
  readonly limit?: number;
}

/** Builds firmware for a board, flashes it and streams its predictions; returns when the last sample is through. */
export async function flash(services: Services, target?: unknown, options: FlashOptions = {}): Promise<RunSummary | undefined> {
  const model = await modelTarget(target);
  const board = options.board === undefined ? await pickBoard(services, `Flash and run ${path.basename(model)} on…`) : known(services, options.board);
  if (!board) return undefined;
  const portPath = options.port ?? (board.kind === 'hardware' ? await pickPort(board, services.log) : undefined);
  services.board.port = portPath;
  await services.board.choose(board);
  const run = await start(services, model, board, portPath, options.limit);
  if (!run) return undefined;
  services.devicePanel.show(true);
  const summary = await run.done;
  services.problems.clearDiagnostics(BUILD);
  showSummary(services, run, summary);
  return summary;
}

/** The same on the board and port of a row in the boards view; the model is asked. */
export const flashHere = (services: Services, node: { readonly boardId?: string; readonly portPath?: string } = {}): Promise<RunSummary | undefined> =>
  flash(services, undefined, { board: node.boardId, port: node.portPath });

function known(services: Services, id: string): Board {
  const board = services.board.find(id);
  if (!board) throw new ProblemError(unknownBoard(id));
  return board;
}

async function start(services: Services, path_: string, board: Board, portPath: string | undefined, limit: number | undefined): Promise<StartedRun | undefined> {
  const name = path.basename(path_);
  try {
    return await withTask(`${name} on ${board.name}`, services.log, (task) => services.runs.start({ path: path_, bindings: services.extents.of(path_), boardId: board.id, portPath, limit }, board, task));
  } catch (error) {
    // Compiler messages belong to lines of files: they go to the Problems view as well.
    if (!isCancelled(error)) services.problems.setDiagnostics(BUILD, error instanceof ProblemError ? [error.problem, ...error.others] : [problemOfUnknown(error)]);
    throw error;
  }
}

function showSummary(services: Services, { model, board }: StartedRun, summary: RunSummary): void {
  const text = summaryLine(model, board.name, summary);
  const show = summary.equal === summary.samples ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void show(text, 'Show Output').then((chosen) => chosen && services.output.show(true));
}
