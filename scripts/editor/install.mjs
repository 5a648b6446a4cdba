// VS Code as a server (code-server) on its own Node, from npm, once, into a cache folder: for machines without desktop VS Code
// and for tests in a real workbench.
import fs from 'node:fs';
import path from 'node:path';
import { findOnPath, runTool } from './process.mjs';

/** The VS Code that tests run in: 1.139.1. */
export const CODE_SERVER_VERSION = '4.139.1';
/** code-server 4.139 refuses any other major version ("engines" in its package.json). */
export const NODE_MAJOR = '24';

/** What the native modules of code-server are built with. Asked for before the download, as npm finds out only after minutes. */
const BUILD_TOOLS = [
  { command: 'g++', debian: 'build-essential', why: 'a C++ compiler' },
  { command: 'make', debian: 'build-essential', why: 'make' },
  { command: 'python3', debian: 'python3', why: 'Python 3 (for node-gyp)' },
  { command: 'krb5-config', debian: 'libkrb5-dev', why: 'the Kerberos headers' },
];

/** Something the user has to do first; the message says what. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/**
 * @typedef {{ node: string, entry: string }} Installed  the Node to run it with, and code-server's main script
 * @param {string} toolsFolder the cache, created when missing
 * @param {(text: string) => void} say progress for the user
 * @param {AbortSignal} [signal]
 * @returns {Promise<Installed>}
 */
export async function installCodeServer(toolsFolder, say, signal) {
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const nodeFolder = path.join(toolsFolder, `node-${NODE_MAJOR}`);
  const nodeHome = path.join(nodeFolder, 'node_modules', nodePackage);
  const serverFolder = path.join(toolsFolder, `code-server-${CODE_SERVER_VERSION}`);
  const installed = {
    node: path.join(nodeHome, 'bin', 'node'),
    entry: path.join(serverFolder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
  if (fs.existsSync(installed.node) && fs.existsSync(installed.entry)) return installed;
  if (process.platform === 'win32') {
    throw new SetupError('VS Code in the browser does not run on Windows. Install desktop VS Code (https://code.visualstudio.com), so that "code" is on the PATH.');
  }
  requireBuildTools();
  if (!fs.existsSync(installed.node)) {
    say(`Installing Node ${NODE_MAJOR} for it from npm (about 10 s)`);
    await installInto(nodeFolder, `${nodePackage}@${NODE_MAJOR}`, cleanEnvironment(), signal);
  }
  say(`Installing VS Code for the browser (code-server ${CODE_SERVER_VERSION}) from npm: 2 to 4 minutes, 800 MB, only once`);
  const environment = cleanEnvironment();
  environment.PATH = path.join(nodeHome, 'bin') + path.delimiter + environment.PATH; // npm and all install scripts under this Node
  environment.npm_config_nodedir = nodeHome; // its headers, so that node-gyp downloads none
  await installInto(serverFolder, `code-server@${CODE_SERVER_VERSION}`, environment, signal);
  return installed;
}

function requireBuildTools() {
  const missing = BUILD_TOOLS.filter((tool) => !findOnPath(tool.command));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => tool.debian))].join(' ');
  throw new SetupError(
    [
      `VS Code for the browser has parts that are compiled when it is installed. Missing: ${missing.map((tool) => `${tool.why} (${tool.command})`).join(', ')}.`,
      `  Debian, Ubuntu:  sudo apt-get install --no-install-recommends ${packages}`,
      '  macOS:           xcode-select --install',
      '  or install desktop VS Code (https://code.visualstudio.com), so that "code" is on the PATH.',
    ].join('\n'),
  );
}

/**
 * Installs into a temporary folder first: an interrupted install is never taken for a complete one.
 * @param {string} folder @param {string} wanted @param {NodeJS.ProcessEnv} env @param {AbortSignal} [signal]
 */
async function installInto(folder, wanted, env, signal) {
  const unfinished = `${folder}.unfinished-${process.pid}`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true });
  fs.writeFileSync(path.join(unfinished, 'package.json'), '{ "private": true }\n');
  try {
    await runTool('npm', ['install', '--prefix', unfinished, '--no-audit', '--no-fund', wanted], { cwd: unfinished, env, signal }).catch(explain(wanted));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(unfinished, folder);
  } finally {
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

/** @param {string} wanted @returns {(error: Error) => never} */
const explain = (wanted) => (error) => {
  throw new SetupError(
    `npm could not install ${wanted}:\n${error.message}\nIf npm's registry cannot be reached from here, install desktop VS Code (https://code.visualstudio.com), so that "code" is on the PATH.`,
  );
};

/**
 * The environment without what an outer `npm start` put there: a user agent naming the outer Node makes code-server's install
 * script refuse, and a local prefix would install into this project. The user's own npm settings (registry, proxy, cache) stay.
 */
function cleanEnvironment() {
  const outer = /^npm_(lifecycle|package|command|execpath|node_execpath|config_(user_agent|local_prefix|global_prefix|prefix|node_gyp|nodedir|init_module))|^INIT_CWD$|^NODE_OPTIONS$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !outer.test(name)));
}
