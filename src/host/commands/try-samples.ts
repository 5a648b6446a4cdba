import * as vscode from 'vscode';
import { copySamples } from '../../app/copy-samples';
import type { Services } from '../services';
import { givenUri } from './model-target';
import { openModel } from './open-model';

/** A copy of the samples in a folder that is asked for; the first model opens beside their five steps. */
export async function trySamples(services: Services, target?: unknown): Promise<string | undefined> {
  const into = givenUri(target) ?? (await vscode.window.showOpenDialog({ title: 'Folder for the Samples', openLabel: 'Copy Samples Here', canSelectFiles: false, canSelectFolders: true, defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri }))?.[0];
  if (!into) return undefined;
  const folder = vscode.Uri.file(await copySamples(vscode.Uri.joinPath(services.extensionUri, 'samples').fsPath, into.fsPath));
  // Outside of the workspace the views would not know them.
  if (!vscode.workspace.getWorkspaceFolder(folder)) {
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: vscode.workspace.workspaceFolders !== undefined });
    return folder.fsPath;
  }
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(folder, 'README.md'));
  await openModel(services, vscode.Uri.joinPath(folder, 'digits', 'digits.onnx'));
  return folder.fsPath;
}
