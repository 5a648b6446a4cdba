import * as vscode from 'vscode';
import { withFolders } from './path-folders';

/**
 * The environment in which compilers are looked up: folders of the setting `tinyml.toolchains` come before the PATH. The
 * setting belongs to the machine, so that a workspace cannot name programs to run.
 */
export function toolEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const named = vscode.workspace.getConfiguration('tinyml').get<Record<string, string>>('toolchains', {});
  return withFolders(env, Object.values(named));
}
