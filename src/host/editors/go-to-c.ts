import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { ProblemError } from '../../base/problem';
import { notGenerated } from '../problems';

/** Opens the line of the generated C that runs a layer: its comment names the layer by number. */
export async function goToC(model: vscode.Uri, index: number): Promise<void> {
  const folder = path.join(path.dirname(model.fsPath), `${path.basename(model.fsPath, path.extname(model.fsPath))}-c`);
  const names = await fs.readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.c') && !file.endsWith('_weights.c'))) {
    const lines = (await fs.readFile(path.join(folder, name), 'utf8')).split('\n');
    const line = lines.findIndex((text) => text.startsWith(`  /* ${index}: `));
    if (line < 0) continue;
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(folder, name)), { selection: new vscode.Range(line, 0, line, 0), viewColumn: vscode.ViewColumn.Beside });
    return;
  }
  throw new ProblemError(notGenerated(path.basename(model.fsPath), model.fsPath));
}
