// The test suites that `npm test` runs, in order: the quick ones first.
import fs from 'node:fs';
import path from 'node:path';

/**
 * `mocha`: files test/<name>/**\/*.test.ts in plain Node. `extension-host`: the same inside VS Code's extension host.
 * `editor`: needs VS Code for the browser and Chromium. `optional`: may have no tests yet.
 * @typedef {{ name: string, runner: 'mocha' | 'extension-host', limitSeconds: number, editor?: boolean, optional?: boolean }} Suite
 * @type {readonly Suite[]}
 */
export const SUITES = [
  { name: 'unit', runner: 'mocha', limitSeconds: 400 },
  { name: 'golden', runner: 'mocha', limitSeconds: 120, optional: true },
  { name: 'conformance', runner: 'mocha', limitSeconds: 600, optional: true },
  { name: 'contract', runner: 'mocha', limitSeconds: 900, optional: true },
  { name: 'firmware', runner: 'mocha', limitSeconds: 1500 },
  { name: 'integration', runner: 'extension-host', limitSeconds: 480, editor: true },
  { name: 'e2e', runner: 'mocha', limitSeconds: 1500, editor: true },
  { name: 'package', runner: 'mocha', limitSeconds: 480, editor: true },
];

/** @param {string} root @param {string} name @returns {string[]} the suite's built test files */
export function builtTests(root, name) {
  const folder = path.join(root, 'out', 'test', name);
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.js'));
  return files.sort().map((file) => path.join(folder, file));
}
