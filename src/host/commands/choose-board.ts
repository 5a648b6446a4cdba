import * as vscode from 'vscode';
import type { Board } from '../../device/boards/board';
import { boardDetail } from '../present/board';
import type { Services } from '../services';

interface BoardItem extends vscode.QuickPickItem {
  readonly board: Board | undefined;
}

const itemOf = (board: Board, current: Board | undefined): BoardItem => ({
  label: `$(${board.kind === 'hardware' ? 'circuit-board' : board.kind === 'simulated' ? 'beaker' : 'vm'}) ${board.name}`,
  description: `${boardDetail(board)}${board === current ? ' · chosen' : ''}`,
  detail: board.description,
  board,
});

/** Asks for a board, those used last first; undefined where the user picks none. */
export async function pickBoard(services: Services, title: string): Promise<Board | undefined> {
  const items = services.board.ordered.map((board) => itemOf(board, services.board.current));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Board, chip or core', matchOnDescription: true, matchOnDetail: true }))?.board;
}

/** The board for limits, status bar and the next flash; `No board` hides the limits. */
export async function chooseBoard(services: Services): Promise<string | undefined> {
  const none: BoardItem = { label: '$(circle-slash) No board', description: 'bytes and MACs without limits', board: undefined };
  const items = [...services.board.ordered.map((board) => itemOf(board, services.board.current)), none];
  const picked = await vscode.window.showQuickPick(items, { title: 'Choose Board', placeHolder: 'Board, chip or core', matchOnDescription: true, matchOnDetail: true });
  if (picked) await services.board.choose(picked.board);
  return picked?.board?.id;
}
