import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Board } from '../device/boards/board';
import { boards, findBoard } from '../device/boards/index';

const CHOSEN = 'tinyml.board';
const RECENT = 'tinyml.recentBoards';

/**
 * The board that limits, status bar and the next flash refer to: what was chosen in this workspace, else the setting
 * `tinyml.board`. Kept in the workspace's state, so that choosing writes no file into the user's project.
 */
export class BoardChoice implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<Board | undefined>());
  readonly onDidChange = this.changed.event;

  constructor(private readonly workspaceState: vscode.Memento) {
    this.store.add(
      vscode.workspace.onDidChangeConfiguration(async (event) => {
        if (!event.affectsConfiguration('tinyml.board')) return;
        await workspaceState.update(CHOSEN, undefined);
        this.changed.fire(this.current);
      }),
    );
  }

  get current(): Board | undefined {
    const id = this.workspaceState.get<string | null>(CHOSEN) ?? vscode.workspace.getConfiguration('tinyml').get<string>('board');
    return id ? findBoard(id) : undefined;
  }

  /** Ids of the boards used last, the last one first. */
  get recent(): readonly string[] {
    return this.workspaceState.get<readonly string[]>(RECENT, []);
  }

  /** All boards, those used last first. */
  get ordered(): readonly Board[] {
    const { recent } = this;
    const rank = (board: Board): number => (recent.includes(board.id) ? recent.indexOf(board.id) : recent.length);
    return [...boards].sort((a, b) => rank(a) - rank(b));
  }

  /** `undefined` for none: limits are then hidden. An empty id is kept, so that the setting does not come back. */
  async choose(board: Board | undefined): Promise<void> {
    const recent = this.workspaceState.get<readonly string[]>(RECENT, []);
    if (board) await this.workspaceState.update(RECENT, [board.id, ...recent.filter((id) => id !== board.id)].slice(0, 5));
    await this.workspaceState.update(CHOSEN, board?.id ?? '');
    this.changed.fire(board);
  }

  dispose(): void {
    this.store.dispose();
  }
}
