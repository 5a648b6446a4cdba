// Desktop VS Code, where it is installed: its command line program and the Electron program behind it.
import fs from 'node:fs';
import path from 'node:path';
import { findOnPath } from './process.mjs';

/** From the folder of `code` to the program behind it, for each system. */
const ELECTRON_FROM_BIN = {
  linux: ['../code', '../code-insiders', '../codium'],
  darwin: ['../../../MacOS/Electron', '../../../MacOS/Code'],
  win32: ['../Code.exe'],
};

/**
 * @param {string | undefined} [cli] full path of `code`; found on the PATH when not given
 * @returns {string | undefined} the program to start, or undefined where there is none (also where `code` is the remote command
 *   line of a container or an SSH session: that one cannot start a window with an extension under development)
 */
export function findDesktopCode(cli = findOnPath('code')) {
  if (!cli) return undefined;
  const bin = path.dirname(fs.realpathSync(cli));
  const candidates = ELECTRON_FROM_BIN[/** @type {keyof typeof ELECTRON_FROM_BIN} */ (process.platform)] ?? [];
  return candidates.map((relative) => path.resolve(bin, relative)).find((file) => fs.existsSync(file));
}
