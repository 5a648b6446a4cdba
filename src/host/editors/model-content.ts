import path from 'node:path';
import * as vscode from 'vscode';
import type { InspectRequest, ModelRequest } from '../../app/engine-contract';
import { ProblemError } from '../../base/problem';
import { modelPathOf } from '../commands/model-target';
import { notOnDisk } from '../problems';
import type { Services } from '../services';

/** Schemes that hold other versions of a file of the workspace: their content is handed to the engine, which reads disks only. */
const VERSIONS = new Set(['git', 'gitfs', 'pr', 'review']);

export const isVersion = (uri: vscode.Uri): boolean => VERSIONS.has(uri.scheme);

/** What the engine is asked about a model on the chosen board. A version from git comes with its bytes. */
export async function inspectRequestOf(services: Services, uri: vscode.Uri): Promise<InspectRequest> {
  return { ...(await modelRequestOf(services, uri)), board: services.board.forEngine, calibration: services.board.calibrationOf(services.board.current?.id) };
}

/** The model alone, with what the user has said of sizes that it leaves open. */
export async function modelRequestOf(services: Services, uri: vscode.Uri): Promise<ModelRequest> {
  const bindings = services.extents.of(modelPathOf(uri));
  if (uri.scheme === 'file') return { path: modelPathOf(uri), bindings };
  if (!isVersion(uri)) throw new ProblemError(notOnDisk(uri.toString()));
  // A copy: what the workspace gives may be a view into a larger buffer, and this crosses to a thread.
  return { path: uri.fsPath, bindings, bytes: new Uint8Array(await vscode.workspace.fs.readFile(uri)) };
}

/** `git HEAD` of a version, from what the git extension keeps in the address; undefined for a file on disk. */
export function versionOf(uri: vscode.Uri): string | undefined {
  if (!isVersion(uri)) return undefined;
  const ref = refOf(uri);
  return ref === '' || ref === '~' ? 'git index' : ref ? `git ${/^[0-9a-f]{40}$/.test(ref) ? ref.slice(0, 8) : ref}` : uri.scheme;
}

function refOf(uri: vscode.Uri): string | undefined {
  try {
    const { ref } = JSON.parse(uri.query) as { ref?: unknown };
    return typeof ref === 'string' ? ref : undefined;
  } catch {
    return undefined; // another extension's own form
  }
}

/** What a model is called in titles: an array's own name where it stands in a C source. */
export const titleOf = (uri: vscode.Uri): string => {
  const name = uri.fragment || path.posix.basename(uri.path);
  const version = versionOf(uri);
  return version ? `${name} (${version})` : name;
};
