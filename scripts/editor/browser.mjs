// The browser that tests drive: an installed Chromium or Chrome.
import fs from 'node:fs';
import { SetupError } from './install.mjs';
import { findOnPath } from './process.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const MAC_PROGRAMS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];

/** Full path of its program; CHROME_PATH comes first. Throws a SetupError where there is none. @returns {string} */
export function findBrowser() {
  const found = process.env.CHROME_PATH ?? NAMES.map((name) => findOnPath(name)).find(Boolean) ?? MAC_PROGRAMS.find((file) => fs.existsSync(file));
  if (found && fs.existsSync(found)) return found;
  throw new SetupError(`No Chromium or Chrome${found ? ` at ${found}` : ''}. Install one (Debian, Ubuntu: sudo apt-get install chromium) or set CHROME_PATH to its program.`);
}
