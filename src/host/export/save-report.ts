import path from 'node:path';
import * as vscode from 'vscode';
import { freeName, writeFiles } from '../../app/write-files';

interface Kind {
  /** Of the suggested name: `digits-layers.csv`. */
  readonly ending: string;
  readonly filter: Readonly<Record<string, string[]>>;
}

const kinds = {
  csv: { ending: '-layers.csv', filter: { 'Comma-separated values': ['csv'] } },
  markdown: { ending: '-layers.md', filter: { Markdown: ['md'] } },
  json: { ending: '-report.json', filter: { JSON: ['json'] } },
  svg: { ending: '-memory.svg', filter: { 'Scalable Vector Graphics': ['svg'] } },
  png: { ending: '-memory.png', filter: { 'Portable Network Graphics': ['png'] } },
} as const satisfies Record<string, Kind>;

export type SaveKind = keyof typeof kinds;

/** Asks where to, beside the model with a name that is free, and writes there; the dialog itself asks before it takes a name that exists. */
export async function saveReport(model: vscode.Uri, kind: SaveKind, content: string | Uint8Array): Promise<boolean> {
  const { ending, filter } = kinds[kind];
  const stem = path.basename(model.fragment || model.fsPath, model.fragment ? '' : path.extname(model.fsPath));
  const suggested = await freeName(path.join(path.dirname(model.fsPath), `${stem}${ending}`));
  const target = await vscode.window.showSaveDialog({ title: 'Export', defaultUri: vscode.Uri.file(suggested), filters: filter });
  if (!target) return false;
  await writeFiles([{ path: target.fsPath, content }]);
  void vscode.window.showInformationMessage(`Written: ${path.basename(target.fsPath)}`, 'Open').then((open) => open && vscode.commands.executeCommand('vscode.open', target));
  return true;
}
