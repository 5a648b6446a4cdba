import * as vscode from 'vscode';
import type { Fix } from '../../base/problem';

/** Commands of the editor itself that a fix may name, beside our own. */
const editorCommands: ReadonlySet<string> = new Set(['workbench.trust.manage', 'vscode.openWith', 'workbench.action.openSettings']);

/** True where choosing the fix does something; others are advice and shown as text. */
export const isActionable = (fix: Fix): boolean => Boolean(fix.command || fix.shell || fix.url);

/**
 * Takes a way out. Shell text is copied, never run. The fix may come from a webview, so that only our own commands and a few
 * named ones are run.
 */
export async function applyFix(fix: Fix): Promise<void> {
  if (fix.command) {
    const { id, args = [] } = fix.command;
    if (!id.startsWith('tinyml.') && !editorCommands.has(id)) throw new Error(`A fix may not run the command ${id}`);
    await vscode.commands.executeCommand(id, ...args);
  } else if (fix.shell) {
    await vscode.env.clipboard.writeText(fix.shell);
    vscode.window.setStatusBarMessage(`Copied: ${fix.shell}`, 5000);
  } else if (fix.url) {
    await vscode.env.openExternal(vscode.Uri.parse(fix.url));
  }
}
