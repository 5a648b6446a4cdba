import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { placeOf } from '../../app/model-place';
import { noModelFound, notAModel, notOnDisk } from '../problems';

export const modelFilter = { Models: ['onnx', 'tflite'] };

const isModel = (place: string): boolean => ['.onnx', '.tflite'].includes(path.extname(place).toLowerCase()) || placeOf(place).array !== undefined;

export const isModelFile = (uri: vscode.Uri): boolean => isModel(modelPathOf(uri));

/** The engine's name of a model: its path, with the array where it stands in a C source. */
export const modelPathOf = (uri: vscode.Uri): string => (uri.fragment ? `${uri.fsPath}#${uri.fragment}` : uri.fsPath);

/**
 * The model that a command works on: its argument (Explorer, inspector, a problem's fix), else the inspector in front, else a
 * pick from the workspace.
 * @throws CancelledError where the user picks none, ProblemError where there is none or it is no model on disk.
 */
export async function modelTarget(argument: unknown): Promise<string> {
  const uri = givenUri(argument) ?? activeModel() ?? (await pickModel());
  if (uri.scheme !== 'file') throw new ProblemError(notOnDisk(uri.toString()));
  const place = modelPathOf(uri);
  if (!isModel(place)) throw new ProblemError(notAModel(path.basename(uri.fsPath)));
  return place;
}

/** Menus give a Uri; fixes give a path, as they are plain data. */
export function givenUri(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  return typeof argument === 'string' ? vscode.Uri.file(argument) : undefined;
}

function activeModel(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (input instanceof vscode.TabInputCustom && isModel(modelPathOf(input.uri))) return input.uri;
  return undefined;
}

/** Folder of a file as a person calls it: inside of the workspace, and by its name where it is the workspace's own. */
export function folderOf(uri: vscode.Uri): string {
  const root = vscode.workspace.getWorkspaceFolder(uri);
  const folder = path.dirname(uri.fsPath);
  return root?.uri.fsPath === folder ? root.name : vscode.workspace.asRelativePath(folder);
}

async function pickModel(): Promise<vscode.Uri> {
  const found = await vscode.workspace.findFiles('**/*.{onnx,tflite}', '**/node_modules/**', 500);
  if (!found.length) throw new ProblemError(noModelFound());
  const items = found
    .map((uri) => ({ label: path.basename(uri.path), description: folderOf(uri), uri }))
    .sort((a, b) => a.description.localeCompare(b.description) || a.label.localeCompare(b.label));
  const picked = await vscode.window.showQuickPick(items, { title: 'Model', placeHolder: 'Choose a model', matchOnDescription: true });
  if (!picked) throw new CancelledError();
  return picked.uri;
}
