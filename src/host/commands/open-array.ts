import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { INSPECTOR_VIEW_TYPE } from '../editors/view-types';
import { noArrayHere } from '../problems';
import type { Services } from '../services';
import { withTask } from '../ui/progress';
import { givenUri } from './model-target';

/** Opens the model that stands as a byte array in a C source: the array at the cursor, the only one, or the one picked. */
export async function openArray(services: Services, target?: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const uri = givenUri(target) ?? editor?.document.uri;
  if (uri?.scheme !== 'file') throw new ProblemError(noArrayHere(''));
  const report = await withTask('Models in this C source', services.log, (task) => services.engine.request('arrays', { path: uri.fsPath }, task));
  if (!report) return;
  const { arrays } = report;
  const models = arrays.some((array) => array.isModel) ? arrays.filter((array) => array.isModel) : arrays;
  if (!models.length) throw new ProblemError(noArrayHere(path.basename(uri.fsPath)));
  const line = editor?.document.uri.toString() === uri.toString() ? editor.selection.active.line + 1 : 0;
  const atCursor = [...models].reverse().find((array) => array.line <= line);
  const chosen = models.length === 1 ? models[0] : (atCursor ?? (await pick(models)));
  await vscode.commands.executeCommand('vscode.openWith', uri.with({ fragment: chosen.name }), INSPECTOR_VIEW_TYPE);
}

async function pick<T extends { readonly name: string; readonly line: number; readonly bytes: number }>(arrays: readonly T[]): Promise<T> {
  const items = arrays.map((array) => ({ label: array.name, description: `line ${array.line}, ${array.bytes} B`, array }));
  const picked = await vscode.window.showQuickPick(items, { title: 'Model in this C source', placeHolder: 'Choose an array' });
  if (!picked) throw new CancelledError();
  return picked.array;
}
