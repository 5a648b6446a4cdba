import * as vscode from 'vscode';
import { CancelledError } from '../../base/cancel';

/** One of some choices. @throws CancelledError where the user makes none */
export async function pick<T extends vscode.QuickPickItem>(items: readonly T[], title: string): Promise<T> {
  const picked = await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true, matchOnDescription: true });
  if (!picked) throw new CancelledError();
  return picked;
}
