import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { runCsv } from '../present/run-csv';
import type { RunManager } from './run-manager';

/** Asks for a file and writes what the panel has of the run. */
export async function saveCsv(runs: RunManager): Promise<void> {
  const folder = runs.lastRequest ? path.dirname(runs.lastRequest.request.path) : '';
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(path.join(folder, 'run.csv')), filters: { CSV: ['csv'] }, title: 'Export the run' });
  if (target) await fs.writeFile(target.fsPath, runCsv(runs.snapshot));
}
