import path from 'node:path';
import * as vscode from 'vscode';
import type { RunSummary, SensorRequest } from '../../app/run-contract';
import { isCancelled } from '../../base/cancel';
import { ProblemError, problemOfUnknown } from '../../base/problem';
import type { Board } from '../../device/boards/board';
import type { RunManager, StartedRun } from '../device/run-manager';
import { summaryLine } from '../present/run';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { targetOnBoard } from './target-on-board';

const BUILD = 'build';

export interface FlashOptions {
  /** Id of a board; asked where absent. */
  readonly board?: string;
  readonly port?: string;
  readonly limit?: number;
  /** What is fed in place of the model's own test samples. */
  readonly data?: string;
  /** A sensor of the board feeds the model; `data` is played in its place. */
  readonly sensor?: SensorRequest;
}

/** Builds firmware for a board, flashes it and streams its predictions; returns when the last sample is through. */
export async function flash(services: Services, target?: unknown, options: FlashOptions = {}): Promise<RunSummary | undefined> {
  const chosen = await targetOnBoard(services, target, options, 'Flash and run');
  if (!chosen) return undefined;
  const { model, board, portPath } = chosen;
  const session = services.sessions.sessionFor(board, portPath);
  const run = await start(services, session.runs, model, board, portPath, options);
  if (!run) return undefined;
  session.panel.show(true);
  const summary = await run.done;
  services.problems.clearDiagnostics(BUILD);
  showSummary(services, run, summary);
  return summary;
}

/** The same on the board and port of a row in the boards view; the model is asked. */
export const flashHere = (services: Services, node: { readonly boardId?: string; readonly portPath?: string } = {}): Promise<RunSummary | undefined> =>
  flash(services, undefined, { board: node.boardId, port: node.portPath });

async function start(services: Services, runs: RunManager, path_: string, board: Board, portPath: string | undefined, { limit, data, sensor }: FlashOptions): Promise<StartedRun | undefined> {
  const name = path.basename(path_);
  try {
    return await withTask(`${name} on ${board.name}`, services.log, (task) => runs.start({ path: path_, bindings: services.extents.of(path_), boardId: board.id, portPath, limit, data, sensor, calibration: services.board.calibrationOf(board.id), trace: true }, board, task));
  } catch (error) {
    // Compiler messages belong to lines of files: they go to the Problems view as well.
    if (!isCancelled(error)) services.problems.setDiagnostics(BUILD, error instanceof ProblemError ? [error.problem, ...error.others] : [problemOfUnknown(error)]);
    throw error;
  }
}

function showSummary(services: Services, { model, board }: StartedRun, summary: RunSummary): void {
  const text = summaryLine(model, board.name, summary);
  const show = summary.equal === summary.compared ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void show(text, 'Show Output').then((chosen) => chosen && services.output.show(true));
}
