import path from 'node:path';
import * as vscode from 'vscode';

/**
 * The environment in which compilers are looked up: folders of the setting `tinyml.toolchains` come before the PATH. The
 * setting belongs to the machine, so that a workspace cannot name programs to run.
 */
export function toolEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = vscode.workspace.getConfiguration('tinyml').get<Record<string, string>>('toolchains', {});
  return withFolders(env, Object.values(named));
}

/** On Windows the variable may be spelled `Path`: the spelling that is there is kept. */
export function withFolders(env: NodeJS.ProcessEnv, folders: readonly string[]): NodeJS.ProcessEnv {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const absolute = folders.filter((folder) => path.isAbsolute(folder));
  return { ...env, [key]: [...absolute, env[key]].filter(Boolean).join(path.delimiter) };
}
