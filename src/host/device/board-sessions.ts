import type { Disposable } from '../../base/disposable';
import type { DevicePanel } from './device-panel';
import type { RunBoard, RunManager } from './run-manager';

/** One board's run and what shows it. */
export interface BoardSession {
  readonly runs: RunManager;
  readonly panel: DevicePanel;
}

/**
 * Several boards at once, each with a run and a panel of its own. The first session is the usual one; another is made only when a
 * second board is to run while the first still does.
 */
export class BoardSessions implements Disposable {
  private readonly more: BoardSession[] = [];

  constructor(private readonly first: BoardSession, private readonly make: (board: RunBoard) => BoardSession) {}

  /** Where a run on this board goes: to the session that has it, else to one that is free, else to a new one. */
  sessionFor(board: RunBoard, portPath: string | undefined): BoardSession {
    const all = this.all;
    const found = all.find((session) => hasBoard(session, board, portPath)) ?? all.find(({ runs }) => !isRunning(runs));
    if (found) return found;
    const made = this.make(board);
    this.more.push(made);
    return made;
  }

  /** Frees a board and its port; runs on others go on. */
  async stop(board: RunBoard, portPath: string | undefined): Promise<void> {
    await Promise.all(this.all.filter((session) => hasBoard(session, board, portPath)).map(({ runs }) => runs.stop()));
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.all.map(({ runs }) => runs.stop()));
  }

  /** Sessions after the first, which belongs to whoever made it. */
  dispose(): void {
    for (const { runs, panel } of this.more.splice(0)) {
      panel.dispose();
      runs.dispose();
    }
  }

  private get all(): readonly BoardSession[] {
    return [this.first, ...this.more];
  }
}

const isRunning = ({ state: { phase } }: RunManager): boolean => phase === 'preparing' || phase === 'streaming' || phase === 'stopping';

function hasBoard({ runs: { lastRequest } }: BoardSession, board: RunBoard, portPath: string | undefined): boolean {
  if (!lastRequest) return false;
  return portPath === undefined ? lastRequest.board.id === board.id : lastRequest.request.portPath === portPath;
}
