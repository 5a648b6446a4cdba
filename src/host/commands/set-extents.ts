import path from 'node:path';
import * as vscode from 'vscode';
import { nearestProject } from '../../app/data/project-file';
import { rememberBindings } from '../../app/data/remember-bindings';
import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { nothingOpen, unsavedProject } from '../problems';
import type { Services } from '../services';
import { modelTarget } from './model-target';

type Extents = Readonly<Record<string, number>>;

export interface SetExtentsOptions {
  /** Extents by name; asked where absent. */
  readonly extents?: Extents;
  /** Whether tinyml.json keeps them; asked where absent. */
  readonly remember?: boolean;
}

const LARGEST = 1_000_000_000;

/** Asks how large the extents are that a model leaves open, and whether tinyml.json is to remember it. */
export async function setExtents(services: Services, target?: unknown, options: SetExtentsOptions = {}): Promise<Extents> {
  const model = await modelTarget(target);
  const extents = options.extents ?? (await askExtents(model, await openNames(services, model), services.extents.of(model)));
  // Nothing is written into a folder that is not trusted.
  if (vscode.workspace.isTrusted && (options.remember ?? (await askRemember(model)))) {
    await remember(model, extents);
    services.extents.forget(model);
  } else {
    services.extents.set(model, extents);
  }
  return extents;
}

/** What the file leaves open, or, where all of it is known by now, what was given in this window. */
async function openNames(services: Services, model: string): Promise<readonly string[]> {
  const { openExtents } = (await services.engine.request('inspect', { path: model })).model;
  const names = [...new Set([...openExtents, ...Object.keys(services.extents.of(model) ?? {})])];
  if (!names.length) throw new ProblemError(nothingOpen(path.basename(model)));
  return names;
}

async function askExtents(model: string, names: readonly string[], before: Extents = {}): Promise<Extents> {
  const extents: Record<string, number> = {};
  for (const [i, name] of names.entries()) {
    const answer = await vscode.window.showInputBox({
      title: `${path.basename(model)}: how large is ${name}?${names.length > 1 ? ` (${i + 1} of ${names.length})` : ''}`,
      prompt: 'The model leaves this size open. Memory, time and code depend on it: one size is compiled in.',
      value: before[name] === undefined ? undefined : String(before[name]),
      placeHolder: 'for example 16',
      ignoreFocusOut: true,
      validateInput: (text) => (extentOf(text) === undefined ? `A whole number from 1 to ${LARGEST}` : undefined),
    });
    const extent = answer === undefined ? undefined : extentOf(answer);
    if (extent === undefined) throw new CancelledError();
    extents[name] = extent;
  }
  return extents;
}

function extentOf(text: string): number | undefined {
  const extent = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(extent) && extent >= 1 && extent <= LARGEST ? extent : undefined;
}

async function askRemember(model: string): Promise<boolean> {
  const keep = { label: 'Remember in tinyml.json', description: 'for everyone who opens this folder, and for the command line', keep: true };
  const now = { label: 'Only in This Window', description: 'until it is closed', keep: false };
  const picked = await vscode.window.showQuickPick([keep, now], { title: `${path.basename(model)}: keep these sizes?`, ignoreFocusOut: true });
  if (!picked) throw new CancelledError();
  return picked.keep;
}

async function remember(model: string, extents: Extents): Promise<void> {
  const found = await nearestProject(model);
  // Two writers of one file: what stands in the editor would be lost, or would undo this.
  const unsaved = found && vscode.workspace.textDocuments.some((document) => document.isDirty && document.uri.fsPath === found.file);
  if (unsaved) throw new ProblemError(unsavedProject(found.file));
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(model));
  await rememberBindings(model, extents, folder?.uri.fsPath ?? path.dirname(model));
}
