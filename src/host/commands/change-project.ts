import path from 'node:path';
import * as vscode from 'vscode';
import { nearestProject } from '../../app/data/project-file';
import { rememberInProject, withEntry, type RawEntry, type Section } from '../../app/data/remember-in-project';
import { placeOf } from '../../app/model-place';

/** Changes what tinyml.json says of a model: in its editor where one is open, so that it can be undone, else on disk. */
export async function changeProject(model: string, section: Section, change: (entry: RawEntry) => RawEntry): Promise<void> {
  const found = await nearestProject(model);
  const open = found && vscode.workspace.textDocuments.find((document) => document.uri.fsPath === found.file);
  if (open) return changeDocument(open, withEntry(found.file, open.getText(), model, change, section));
  const { file } = placeOf(model);
  await rememberInProject(model, change, vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath ?? path.dirname(file), section);
}

/** A file that was saved is saved again. */
async function changeDocument(document: vscode.TextDocument, text: string): Promise<void> {
  const wasSaved = !document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  await vscode.workspace.applyEdit(edit);
  if (wasSaved) await document.save();
}
