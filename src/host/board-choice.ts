import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Board } from '../device/boards/board';
import { boards, findBoard } from '../device/boards/index';
import type { Calibration } from '../app/engine-contract';

const CHOSEN = 'tinyml.board';
const RECENT = 'tinyml.recentBoards';
const CALIBRATIONS = 'tinyml.calibrations';

/**
 * The board that limits, status bar and the next flash refer to: what was chosen in this workspace, else the setting
 * `tinyml.board`. Kept in the workspace's state, so that choosing writes no file into the user's project.
 */
export class BoardChoice implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<Board | undefined>());
  readonly onDidChange = this.changed.event;
  private own: readonly Board[] = [];
  /** Port that the board was last flashed through in this window. */
  port: string | undefined;

  /** @param userState outlives the workspace: calibrations belong to the user's boards, not to a folder. */
  constructor(private readonly workspaceState: vscode.Memento, private readonly userState: vscode.Memento) {
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
    return id ? this.find(id) : undefined;
  }

  /** A board of the catalogue or of the workspace. */
  find(id: string): Board | undefined {
    return findBoard(id) ?? this.own.find((board) => board.id === id);
  }

  /** Boards of the workspace's own files. */
  setOwn(own: readonly Board[]): void {
    if (JSON.stringify(own) === JSON.stringify(this.own)) return;
    this.own = own;
    this.changed.fire(this.current);
  }

  /** In the order of the catalogue, those of the workspace first. */
  get all(): readonly Board[] {
    return [...this.own, ...boards];
  }

  isOwn(board: Board): boolean {
    return this.own.includes(board);
  }

  /** Name or, for a board of the user's own, all of it: the engine knows the catalogue only. */
  forEngineOf(id: string): string | Board {
    return this.own.find((board) => board.id === id) ?? id;
  }

  get forEngine(): string | Board | undefined {
    return this.current && this.forEngineOf(this.current.id);
  }

  calibrationOf(id: string | undefined): Calibration | undefined {
    return id === undefined ? undefined : this.userState.get<Readonly<Record<string, Calibration>>>(CALIBRATIONS, {})[id];
  }

  /** What was measured on a board of this id; undefined forgets it. */
  async calibrate(id: string, calibration: Calibration | undefined): Promise<void> {
    const { [id]: _, ...others } = this.userState.get<Readonly<Record<string, Calibration>>>(CALIBRATIONS, {});
    await this.userState.update(CALIBRATIONS, calibration ? { ...others, [id]: calibration } : others);
    this.changed.fire(this.current);
  }

  /** Ids of the boards used last, the last one first. */
  get recent(): readonly string[] {
    return this.workspaceState.get<readonly string[]>(RECENT, []);
  }

  /** All boards, those used last first. */
  get ordered(): readonly Board[] {
    const { recent } = this;
    const rank = (board: Board): number => (recent.includes(board.id) ? recent.indexOf(board.id) : recent.length);
    return [...this.all].sort((a, b) => rank(a) - rank(b));
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
