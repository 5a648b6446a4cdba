import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Log } from '../../base/log';
import { readUserBoards, USER_BOARDS_FOLDER } from '../../device/boards/user-boards';
import type { BoardChoice } from '../board-choice';
import type { ProblemDisplay } from '../ui/problems';

const OWNER = 'boards';

/** Keeps the picker's boards as the workspace's `.tinyml/boards` has them; what is wrong in a file is marked in it. */
export function watchUserBoards(board: BoardChoice, problems: ProblemDisplay, log: Log): Disposable {
  const store = new DisposableStore();
  const folder = USER_BOARDS_FOLDER.split(path.sep).join('/');
  // A folder that comes with its files is one event, that of the folder.
  const patterns = [`**/${folder}/*.board.json`, `**/${folder}`, `**/${path.posix.dirname(folder)}`];
  const watchers = patterns.map((pattern) => store.add(vscode.workspace.createFileSystemWatcher(pattern)));
  const refresh = async (): Promise<void> => {
    const workspaces = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
    const read = await Promise.all(workspaces.map((workspace) => readUserBoards(workspace)));
    board.setOwn(read.flatMap(({ value }) => value));
    problems.setDiagnostics(OWNER, read.flatMap((each) => each.problems));
  };
  const again = (): void => void refresh().catch((error: unknown) => log.write('warning', `Boards of the workspace could not be read: ${String(error)}`));
  const events = watchers.flatMap((watcher) => [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]);
  for (const event of [...events, vscode.workspace.onDidChangeWorkspaceFolders]) store.add((event as vscode.Event<unknown>)(again));
  store.add({ dispose: () => problems.clearDiagnostics(OWNER) });
  again();
  return store;
}
