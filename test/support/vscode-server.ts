/** A VS Code server of its own for a test: fresh user data and extensions in a temporary folder, gone after stop(). */
import fs from 'node:fs';
import path from 'node:path';
import { installCodeServer } from '../../scripts/editor/install.mjs';
import { startCodeServer, type Server } from '../../scripts/editor/server.mjs';
import { runTool } from '../../scripts/editor/process.mjs';
import { root, temporaryFolder, toolsFolder } from './project';

export type { Server };

/** On top of the quiet settings: nothing that differs between two runs of a test. */
const TEST_SETTINGS = {
  'workbench.colorTheme': 'Dark Modern',
  'workbench.reduceMotion': 'on',
  'window.restoreWindows': 'none',
  'git.enabled': false,
};

export interface ServerWish {
  /** Extension folder that is run from where it lies, as with F5. */
  readonly extensionFolder?: string;
  /** Packaged extension that is installed first. */
  readonly vsix?: string;
  readonly settings?: Record<string, unknown>;
  /** Settings of scope `machine`, such as our toolchains. */
  readonly machineSettings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  /** Needed to run mocha in the extension host; suppresses notification toasts. */
  readonly testDriver?: boolean;
}

/** Starts the server; installs code-server into the project's cache the first time, which takes minutes. */
export async function startTestServer(wish: ServerWish): Promise<Server> {
  const installed = await installCodeServer(toolsFolder, (text) => console.log(text));
  const folder = temporaryFolder('server');
  const extensions = path.join(folder, 'extensions');
  fs.mkdirSync(extensions);
  const environment = { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, ...wish.env };
  const removeFolder = () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  try {
    if (wish.extensionFolder) fs.symlinkSync(wish.extensionFolder, path.join(extensions, 'extension-under-test'), 'dir');
    if (wish.vsix) await installVsix(installed, folder, wish.vsix, environment);
    const server = await startCodeServer({
      root,
      ...installed,
      folder,
      settings: { ...TEST_SETTINGS, ...wish.settings },
      machineSettings: wish.machineSettings,
      env: environment,
      testDriver: wish.testDriver,
    });
    return { ...server, stop: () => server.stop().finally(removeFolder) };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

async function installVsix(installed: { node: string; entry: string }, folder: string, vsix: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = [installed.entry, '--user-data-dir', path.join(folder, 'user'), '--extensions-dir', path.join(folder, 'extensions')];
  await runTool(installed.node, [...args, '--config', path.join(folder, 'config.yaml'), '--install-extension', vsix], { env: { ...process.env, ...env } });
}
