import path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../base/cancel';
import { ProblemError } from '../../base/problem';
import { showComparison } from '../editors/compare-panel';
import { isVersion } from '../editors/model-content';
import { noGitVersion } from '../problems';
import type { Services } from '../services';
import { folderOf, givenUri, isModelFile, modelFilter, modelTarget } from './model-target';

/**
 * Compares two models: those selected in the Explorer (the first one selected is the one before), or the one given with one
 * that is asked for.
 */
export async function compareModels(services: Services, target?: unknown, selected?: unknown): Promise<void> {
  const chosen = (Array.isArray(selected) ? selected : []).map(givenUri).filter((uri) => uri !== undefined && isModelFile(uri)) as vscode.Uri[];
  if (chosen.length === 2) {
    const clicked = givenUri(target)?.toString();
    // The file that was clicked last carries the menu: it is the newer one.
    const [before, after] = chosen[0].toString() === clicked ? [chosen[1], chosen[0]] : chosen;
    return showComparison(services, { before, after });
  }
  const given = givenUri(target);
  // A version from git is compared with the file that it is a version of.
  if (given && isVersion(given)) return showComparison(services, { before: given, after: vscode.Uri.file(given.fsPath) });
  const after = uriOf(await modelTarget(target));
  showComparison(services, { before: await pickOther(after), after });
}

/** The model as it was committed last beside the one on disk. */
export async function compareWithGit(services: Services, target?: unknown): Promise<void> {
  const after = uriOf(await modelTarget(target));
  const before = await headOf(after);
  if (!before) throw new ProblemError(noGitVersion(path.basename(after.fsPath)));
  showComparison(services, { before, after });
}

/** A place as the engine names it: an array in a C source is behind a #. */
function uriOf(place: string): vscode.Uri {
  const [file, array] = place.split('#');
  const uri = vscode.Uri.file(file);
  return array === undefined ? uri : uri.with({ fragment: array });
}

async function pickOther(after: vscode.Uri): Promise<vscode.Uri> {
  const found = (await vscode.workspace.findFiles('**/*.{onnx,tflite}', '**/node_modules/**', 500)).filter((uri) => uri.toString() !== after.toString());
  const near = (uri: vscode.Uri): number => (path.dirname(uri.fsPath) === path.dirname(after.fsPath) ? 0 : 1);
  const git = (await headOf(after)) && { label: '$(git-commit) Version in git HEAD', description: '', uri: undefined };
  const browse = { label: '$(folder-opened) Choose a file…', description: '', uri: undefined };
  const files = found
    .sort((a, b) => near(a) - near(b) || a.path.localeCompare(b.path))
    .map((uri) => ({ label: path.basename(uri.path), description: folderOf(uri), uri: uri as vscode.Uri | undefined }));
  const picked = await vscode.window.showQuickPick([...(git ? [git] : []), ...files, browse], { title: `Compare ${path.basename(after.fsPath)} with`, placeHolder: 'The model that was before', matchOnDescription: true });
  if (!picked) throw new CancelledError();
  if (picked.uri) return picked.uri;
  if (picked === git) return (await headOf(after))!;
  const chosen = await vscode.window.showOpenDialog({ title: 'Compare with', filters: modelFilter, defaultUri: vscode.Uri.file(path.dirname(after.fsPath)) });
  if (!chosen?.length) throw new CancelledError();
  return chosen[0];
}

/** What we use of the git extension's API (`vscode.git`, version 1). */
interface GitApi {
  toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
  getRepository(uri: vscode.Uri): { show(ref: string, path: string): Promise<string>; getObjectDetails(treeish: string, path: string): Promise<unknown> } | null;
}

/** The file in git's HEAD; undefined without git, outside of a repository, and for a file that was never committed. */
async function headOf(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
  if (!extension) return undefined;
  try {
    const git = (extension.isActive ? extension.exports : await extension.activate()).getAPI(1);
    const repository = git.getRepository(uri);
    if (!repository) return undefined;
    await repository.getObjectDetails('HEAD', uri.fsPath);
    return git.toGitUri(uri, 'HEAD');
  } catch {
    return undefined; // git is disabled, or does not know the file
  }
}
