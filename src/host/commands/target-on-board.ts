import path from 'node:path';
import { ProblemError } from '../../base/problem';
import type { Board } from '../../device/boards/board';
import { unknownBoard } from '../problems';
import type { Services } from '../services';
import { pickBoard } from './choose-board';
import type { FlashOptions } from './flash';
import { modelTarget } from './model-target';
import { pickPort } from './pick-port';

export interface TargetOnBoard {
  readonly model: string;
  readonly board: Board;
  /** Absent for boards that need no port. */
  readonly portPath: string | undefined;
}

/** Which model on which board, at which port: what is not given is asked. Undefined where the user picks no board. */
export async function targetOnBoard(services: Services, target: unknown, options: FlashOptions, verb: string): Promise<TargetOnBoard | undefined> {
  const model = await modelTarget(target);
  const board = options.board === undefined ? await pickBoard(services, `${verb} ${path.basename(model)} on…`) : known(services, options.board);
  if (!board) return undefined;
  const portPath = options.port ?? (board.kind === 'hardware' ? await pickPort(board, services.log) : undefined);
  services.board.port = portPath;
  await services.board.choose(board);
  return { model, board, portPath };
}

function known(services: Services, id: string): Board {
  const board = services.board.find(id);
  if (!board) throw new ProblemError(unknownBoard(id));
  return board;
}
