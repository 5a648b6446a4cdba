import path from 'node:path';
import * as vscode from 'vscode';

/** Several writes of one save, or a temporary file renamed over the old one, are one change. */
const SETTLE_MS = 150;

/** Calls back when the file was changed, replaced or deleted on disk, also outside of the workspace. */
export function watchFile(file: string, changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), escapeGlob(path.basename(file))));
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE_MS);
  };
  const subscriptions = [watcher.onDidChange(settle), watcher.onDidCreate(settle), watcher.onDidDelete(settle), watcher];
  return { dispose: () => (clearTimeout(timer), vscode.Disposable.from(...subscriptions).dispose()) };
}

/** Calls back when a file of this name changes beside a model or in a folder above it, up to the workspace's. */
export function watchAbove(model: string, name: string, changed: () => void): vscode.Disposable {
  const top = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(model))?.uri.fsPath;
  const watchers: vscode.Disposable[] = [];
  for (let folder = path.dirname(model); ; folder = path.dirname(folder)) {
    watchers.push(watchFile(path.join(folder, name), changed));
    if (top === undefined || folder === top || path.dirname(folder) === folder) return vscode.Disposable.from(...watchers);
  }
}

/** A name is not a pattern: `model[1].onnx` means that file. */
const escapeGlob = (name: string): string => name.replace(/[?*[\]{}]/g, '[$&]');
