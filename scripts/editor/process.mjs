// Child processes that are never left behind, and their output when something goes wrong.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** How many lines of a failed tool's output are worth showing. */
const LAST_LINES = 25;

export class ToolError extends Error {
  /** @param {string} commandLine @param {number | string} status @param {string} output */
  constructor(commandLine, status, output) {
    super(`${commandLine}\nended with ${status}:\n${lastLines(output)}`);
    this.name = 'ToolError';
  }
}

/** @param {string} text */
export const lastLines = (text, count = LAST_LINES) => text.trimEnd().split('\n').slice(-count).join('\n');

/**
 * Runs a program to its end. Rejects with a ToolError when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, signal?: AbortSignal }} [options]
 * @returns {Promise<string>} its output, stdout and stderr mixed
 */
export function runTool(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code, signal) => (code === 0 ? resolve(output) : reject(new ToolError([command, ...args].join(' '), code ?? String(signal), output))));
  });
}

/**
 * Full path of a program on the PATH, or undefined.
 * @param {string} name
 * @returns {string | undefined}
 */
export function findOnPath(name) {
  const endings = process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (fs.existsSync(file) && fs.statSync(file).isFile()) return file;
    }
  }
  return undefined;
}

/**
 * Stops a process and everything that it started; it must have been spawned detached, so that it leads a group of its own.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stopGroup(child, graceMs = 5000) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child.pid, 'SIGTERM');
  const late = setTimeout(() => signalGroup(/** @type {number} */ (child.pid), 'SIGKILL'), graceMs);
  await ended;
  clearTimeout(late);
  signalGroup(child.pid, 'SIGKILL'); // whatever of the group outlived its leader
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
