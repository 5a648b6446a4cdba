import * as vscode from 'vscode';
import { calibrateBoard as measureBoard } from '../../app/calibrate-board';
import type { Calibration } from '../../app/engine-contract';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { pickBoard } from './choose-board';
import { pickPort } from './pick-port';

/** What the boards view passes, or a test. */
export interface CalibrateTarget {
  readonly boardId?: string;
  readonly portPath?: string;
}

/** Flashes a small benchmark, measures it, and scales modelled times of this board by it from now on. */
export async function calibrateBoard(services: Services, target: CalibrateTarget = {}): Promise<Calibration | undefined> {
  const board = (target.boardId === undefined ? undefined : services.board.find(target.boardId)) ?? (await pickBoard(services, 'Board to calibrate: what runs on it now is replaced by a benchmark'));
  if (!board) return undefined;
  const portPath = target.portPath ?? (board.kind === 'hardware' ? await pickPort(board, services.log) : undefined);
  await services.runs.stop();
  const calibration = await withTask(`Calibrating ${board.name}`, services.log, (task) =>
    measureBoard({ board, portPath, date: new Date() }, services.runDeps(), task),
  );
  if (!calibration) return undefined;
  await services.board.calibrate(board.id, calibration);
  services.log.write('info', calibration.source);
  void vscode.window.showInformationMessage(calibration.source, 'Forget It').then((chosen) => chosen && services.board.calibrate(board.id, undefined));
  return calibration;
}
