import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { BoardChoice } from '../board-choice';
import type { RunManager } from '../device/run-manager';

/** Board and state of the run in the status bar; a click chooses the board. */
export function createStatus(board: BoardChoice, runs: RunManager): Disposable {
  const store = new DisposableStore();
  const item = store.add(vscode.window.createStatusBarItem('tinyml.board', vscode.StatusBarAlignment.Left, 10));
  item.name = 'TinyML board';
  item.command = 'tinyml.chooseBoard';
  const refresh = (): void => {
    const { phase, text, board: running } = runs.state;
    const name = running && phase !== 'idle' ? running.name : (board.current?.name ?? 'No board');
    item.text = `$(circuit-board) ${name}${phase === 'idle' ? '' : ` · ${text}`}`;
    item.tooltip = `TinyML: ${name}${phase === 'idle' ? '' : `, ${text}`}. Click to choose a board.`;
    // Only while something has failed: the colour stays a signal.
    item.backgroundColor = phase === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  store.add(board.onDidChange(refresh));
  store.add(runs.onDidChangeState(refresh));
  refresh();
  item.show();
  return store;
}
