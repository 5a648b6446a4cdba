import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { BoardChoice } from '../board-choice';
import type { BudgetWatch } from '../budgets/budget-watch';
import type { RunManager } from '../device/run-manager';
import { worstBreach } from '../views/model-summary';

/** One item: board · port · state of the run · worst broken budget. A click chooses the board. */
export function createStatus(board: BoardChoice, runs: RunManager, budgets: BudgetWatch): Disposable {
  const store = new DisposableStore();
  const item = store.add(vscode.window.createStatusBarItem('tinyml.board', vscode.StatusBarAlignment.Left, 10));
  item.name = 'TinyML board';
  item.command = 'tinyml.chooseBoard';
  const refresh = (): void => {
    const { phase, text, board: running } = runs.state;
    const name = running && phase !== 'idle' ? running.name : (board.current?.name ?? 'No board');
    const breach = worstBreach(budgets.verdicts);
    const parts = [name, board.port && path.basename(board.port), phase === 'idle' ? undefined : text, breach && `$(error) ${breach.text}`].filter(Boolean);
    item.text = `$(circuit-board) ${parts.join(' · ')}`;
    item.tooltip = `TinyML: ${[name, board.port, phase === 'idle' ? undefined : text, breach && `worst budget: ${breach.text}, ${breach.of}`].filter(Boolean).join(', ')}. Click to choose a board.`;
    // Only while something has failed: the colour stays a signal.
    item.backgroundColor = phase === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  for (const event of [board.onDidChange, runs.onDidChangeState, budgets.onDidChange]) store.add((event as (listener: () => void) => Disposable)(refresh));
  refresh();
  item.show();
  return store;
}
