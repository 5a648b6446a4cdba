import path from 'node:path';
import * as vscode from 'vscode';
import { nearestProject } from '../../app/data/project-file';
import { rememberInProject, withEntry, type RawEntry } from '../../app/data/remember-in-project';
import { parseQuantity } from '../../app/budgets/quantity';
import { CancelledError } from '../../base/cancel';
import { formatCount } from '../../base/units';
import type { MemoryChoice } from '../../engine/codegen/choose-strips';
import type { Services } from '../services';
import { modelTarget } from './model-target';

export interface SetMemoryOptions {
  /** Asked where absent; without members: no budget and no strips. */
  readonly plan?: MemoryChoice;
}

/** Writes into tinyml.json how much RAM the C of a model may take, and whether its first layers run in strips. Returns what is set. */
export async function setMemory(_services: Services, target?: unknown, options: SetMemoryOptions = {}): Promise<MemoryChoice> {
  const model = await modelTarget(target);
  const plan = options.plan ?? (await askBudget(model));
  const { ramBudgetBytes, patches } = plan;
  const memory = { ...(ramBudgetBytes === undefined ? {} : { ramBudget: `${formatCount(ramBudgetBytes)} B` }), ...(patches === undefined ? {} : { strips: patches }) };
  const change = ({ memory: _before, ...entry }: RawEntry): RawEntry => (Object.keys(memory).length ? { ...entry, memory } : entry);
  const found = await nearestProject(model);
  const open = found && vscode.workspace.textDocuments.find((document) => document.uri.fsPath === found.file);
  if (open) await changeDocument(open, withEntry(found.file, open.getText(), model, change));
  else await rememberInProject(model, change, vscode.workspace.getWorkspaceFolder(vscode.Uri.file(model))?.uri.fsPath ?? path.dirname(model));
  return plan;
}

async function askBudget(model: string): Promise<MemoryChoice> {
  const answer = await vscode.window.showInputBox({
    title: `${path.basename(model)}: how much RAM may its arena take?`,
    prompt: 'Where the plan needs more, the first layers are run in strips of rows. Empty: no budget. Kept in tinyml.json.',
    placeHolder: 'for example 32 KiB',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' || (parseQuantity('ram', text) ?? 0) >= 1 ? undefined : 'Bytes, or a number with KiB or MiB'),
  });
  if (answer === undefined) throw new CancelledError();
  return answer.trim() === '' ? {} : { ramBudgetBytes: Math.floor(parseQuantity('ram', answer)!) };
}

/** In an editor the change can be undone; a file that was saved is saved again. */
async function changeDocument(document: vscode.TextDocument, text: string): Promise<void> {
  const wasSaved = !document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  await vscode.workspace.applyEdit(edit);
  if (wasSaved) await document.save();
}
