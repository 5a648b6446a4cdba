import path from 'node:path';
import * as vscode from 'vscode';
import type { CompressRequest } from '../../app/engine-contract';
import { CancelledError } from '../../base/cancel';
import { folderOf } from './model-target';

/** Where the ranges come from: a data set, or none. */
export type DataChoice = Pick<CompressRequest, 'data' | 'dataFree'>;

const TITLE = 'Calibration needs samples: data set for this model';

/** Data sets of the workspace, any file or folder, or none at all where the compression can do without. */
export async function askData(folder: string, needsData: boolean): Promise<DataChoice> {
  const found = await vscode.workspace.findFiles('**/*.{npz,npy}', '**/node_modules/**', 200);
  const items: (vscode.QuickPickItem & { choose(): Promise<DataChoice> })[] = [
    ...found.map((uri) => ({ label: path.basename(uri.fsPath), description: folderOf(uri), choose: async () => ({ data: uri.fsPath }) })),
    { label: '$(file) Choose a file…', description: '.npz, .npy, .csv', choose: () => browse(folder, false) },
    { label: '$(folder-opened) Choose a folder…', description: 'images or sound, a folder for each label, or .bin files with y_labels.csv', choose: () => browse(folder, true) },
    ...(needsData ? [] : [{ label: '$(circle-slash) No data', description: 'ranges are estimates, accuracy stays unknown', choose: askInterval }]),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: 'Typical inputs, and labels if there are any', ignoreFocusOut: true, matchOnDescription: true });
  if (!picked) throw new CancelledError();
  return picked.choose();
}

async function browse(folder: string, isFolder: boolean): Promise<DataChoice> {
  const chosen = await vscode.window.showOpenDialog({
    title: TITLE, defaultUri: vscode.Uri.file(folder), canSelectFiles: !isFolder, canSelectFolders: isFolder, ...(isFolder ? {} : { filters: { 'Data sets': ['npz', 'npy', 'csv'] } }),
  });
  if (!chosen?.length) throw new CancelledError();
  return { data: chosen[0].fsPath };
}

/** The smallest and the largest number that inputs take. */
async function askInterval(): Promise<DataChoice> {
  const parse = (text: string): readonly [number, number] | undefined => {
    const [min, max] = text.split('..').map((part) => (part.trim() === '' ? NaN : Number(part)));
    return Number.isFinite(min) && Number.isFinite(max) && min < max ? [min, max] : undefined;
  };
  const text = await vscode.window.showInputBox({
    title: 'Range of the inputs', value: '-1..1', prompt: 'The smallest and the largest number that the model is given', ignoreFocusOut: true,
    validateInput: (value) => (parse(value) ? undefined : 'Two numbers, the smaller first, such as -1..1'),
  });
  if (text === undefined) throw new CancelledError();
  const [min, max] = parse(text)!;
  return { dataFree: { min, max } };
}
