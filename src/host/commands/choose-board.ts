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

/** Under headings: what needs no hardware first, then boards that are plugged in, by their cores; a chosen or recent one on top. */
function grouped(services: Services): BoardItem[] {
  const { ordered, current, recent } = services.board;
  const heading = (label: string): BoardItem => ({ label, kind: vscode.QuickPickItemKind.Separator, board: undefined });
  const groups: ReadonlyArray<readonly [string, (board: Board) => boolean]> = [
    ['Used last', (board) => recent.includes(board.id)],
    ['Of this workspace', (board) => services.board.isOwn(board)],
    ['No hardware needed', (board) => board.kind !== 'hardware'],
    ['Plugged in: Arduino AVR', (board) => board.core.startsWith('AVR')],
    ['Plugged in: Cortex-M', (board) => board.core.startsWith('Cortex-M')],
    ['Plugged in: Espressif and others', () => true],
  ];
  const left = new Set(ordered);
  return groups.flatMap(([label, belongs]) => {
    const here = [...left].filter(belongs);
    for (const board of here) left.delete(board);
    return here.length ? [heading(label), ...here.map((board) => itemOf(board, current))] : [];
  });
}

/** Asks for a board, those used last first; undefined where the user picks none. */
export async function pickBoard(services: Services, title: string): Promise<Board | undefined> {
  const items = grouped(services);
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Board, chip or core', matchOnDescription: true, matchOnDetail: true }))?.board;
}

/** The board for limits, status bar and the next flash, of a row of the boards view or asked; `No board` hides the limits. */
export async function chooseBoard(services: Services, node?: { readonly boardId?: string }): Promise<string | undefined> {
  const named = node?.boardId === undefined ? undefined : services.board.find(node.boardId);
  if (named) {
    await services.board.choose(named);
    return named.id;
  }
  const none: BoardItem = { label: '$(circle-slash) No board', description: 'bytes and MACs without limits', board: undefined };
  const items = [...grouped(services), none];
  const picked = await vscode.window.showQuickPick(items, { title: 'Choose Board', placeHolder: 'Board, chip or core', matchOnDescription: true, matchOnDetail: true });
  if (picked) await services.board.choose(picked.board);
  return picked?.board?.id;
}
