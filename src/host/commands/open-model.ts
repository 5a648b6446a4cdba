import * as vscode from 'vscode';
import { INSPECTOR_VIEW_TYPE } from '../editors/view-types';
import type { Services } from '../services';
import { givenUri, modelFilter } from './model-target';

/** Opens the given model, or asks for a file. */
export async function openModel(_services: Services, target?: unknown): Promise<void> {
  const uri = givenUri(target) ?? (await vscode.window.showOpenDialog({ title: 'Open Model', filters: modelFilter }))?.[0];
  if (uri) await vscode.commands.executeCommand('vscode.openWith', uri, INSPECTOR_VIEW_TYPE);
}
