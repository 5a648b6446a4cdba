import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

/** What the integration tests share: the workspace is a copy of samples/ that they may write into. */
export const workspaceFolder = (): string => vscode.workspace.workspaceFolders![0].uri.fsPath;

export const sample = (file: string): vscode.Uri => vscode.Uri.file(path.join(workspaceFolder(), file));

export const readSample = (file: string): Buffer => fs.readFileSync(sample(file).fsPath);

export const EXTENSION_ID = 'tinyml-workbench.tinyml-workbench';

export const closeAll = (): Thenable<unknown> => vscode.commands.executeCommand('workbench.action.closeAllEditors');

/** Polls until `check` gives a value; what the editor does after a command is not announced. */
export async function eventually<T>(what: string, check: () => T | undefined, limitMs = 20_000): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const value = check();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The inspector tab of a model, once there is one. */
export const inspectorTab = (uri: vscode.Uri): Promise<vscode.Tab> =>
  eventually(`inspector of ${uri.fsPath}`, () =>
    vscode.window.tabGroups.all.flatMap((group) => group.tabs).find(({ input }) => input instanceof vscode.TabInputCustom && input.viewType === 'tinyml.inspector' && input.uri.toString() === uri.toString()),
  );

export const diagnosticsOf = (uri: vscode.Uri): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'TinyML');

/** Files below a folder, by their path in it. */
export const filesIn = (folder: string): string[] => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
