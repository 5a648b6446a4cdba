// Starts code-server on the loopback interface and stops it with everything that it started.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { lastLines, stopGroup } from './process.mjs';

const HOST = '127.0.0.1';
const START_LIMIT_MS = 60_000;

/** Nothing that asks, updates, phones home or moves: for a workbench that shows the extension and nothing else. */
export const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'telemetry.telemetryLevel': 'off',
};

/**
 * @typedef {object} ServerOptions
 * @property {string} root        the project's folder
 * @property {string} node        Node to run it with
 * @property {string} entry       code-server's main script
 * @property {string} folder      where user data, extensions and the log go
 * @property {number} [port]      0 or none: any free port
 * @property {Record<string, unknown>} [settings] user settings, written where there are none yet
 * @property {Record<string, unknown>} [machineSettings] those that belong to the computer the server runs on
 * @property {NodeJS.ProcessEnv} [env]
 * @property {boolean} [testDriver] lets a page run tests in the extension host; suppresses notification toasts
 *
 * @typedef {object} Server
 * @property {number} port
 * @property {string} settingsFile
 * @property {string} extensionsFolder
 * @property {(workspace: string, payload?: [string, string][]) => string} url
 * @property {() => string} log
 * @property {Promise<void>} ended resolves when the server has ended for whatever reason
 * @property {() => Promise<void>} stop
 */

/** @param {ServerOptions} options @returns {Promise<Server>} */
export async function startCodeServer({ root, node, entry, folder, port = 0, settings = {}, machineSettings, env = {}, testDriver = false }) {
  const extensionsFolder = path.join(folder, 'extensions');
  const settingsFile = path.join(folder, 'user', 'User', 'settings.json');
  fs.mkdirSync(extensionsFolder, { recursive: true });
  fs.mkdirSync(path.dirname(settingsFile), { recursive: true });
  if (!fs.existsSync(settingsFile)) fs.writeFileSync(settingsFile, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, undefined, 2));

  const machineFile = path.join(folder, 'user', 'Machine', 'settings.json');
  if (machineSettings && !fs.existsSync(machineFile)) {
    fs.mkdirSync(path.dirname(machineFile), { recursive: true });
    fs.writeFileSync(machineFile, JSON.stringify(machineSettings, undefined, 2));
  }

  const chosenPort = port || (await freePort());
  const logFile = path.join(folder, 'server.log');
  const logHandle = fs.openSync(logFile, 'w');
  const args = [
    ...['--auth', 'none', '--bind-addr', `${HOST}:${chosenPort}`],
    ...['--user-data-dir', path.join(folder, 'user'), '--extensions-dir', extensionsFolder],
    ...['--config', path.join(folder, 'config.yaml')], // else it writes one into the home folder
    ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened'],
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const keeper = path.join(root, 'scripts', 'editor', 'keeper.mjs');
  const child = spawn(process.execPath, [keeper, node, entry, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', logHandle, logHandle],
    detached: true,
  });
  fs.closeSync(logHandle);
  const log = () => fs.readFileSync(logFile, 'utf8');
  const ended = /** @type {Promise<void>} */ (new Promise((resolve) => child.once('exit', () => resolve())));
  const stop = () => stopGroup(child);
  try {
    await untilHealthy(chosenPort, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: chosenPort, settingsFile, extensionsFolder, log, ended, stop, url: (workspace, payload) => pageUrl(chosenPort, workspace, payload) };
}

/** @param {number} port @param {string} workspace @param {[string, string][]} [payload] */
function pageUrl(port, workspace, payload) {
  const url = new URL(`http://${HOST}:${port}/`);
  url.searchParams.set('folder', workspace);
  if (payload) url.searchParams.set('payload', JSON.stringify(payload));
  return url.toString();
}

/** @param {number} port @param {import('node:child_process').ChildProcess} child @param {() => string} log */
async function untilHealthy(port, child, log) {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`code-server ended (${child.exitCode ?? child.signalCode}) instead of starting:\n${lastLines(log())}`);
    if (await isHealthy(port)) return;
    if (Date.now() > deadline) throw new Error(`code-server did not answer within ${START_LIMIT_MS / 1000} s:\n${lastLines(log())}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @param {number} port */
async function isHealthy(port) {
  try {
    return (await fetch(`http://${HOST}:${port}/healthz`)).ok;
  } catch {
    return false; // not listening yet
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const { port } = /** @type {net.AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}
