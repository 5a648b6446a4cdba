// Runs one suite in processes of its own, within its time limit, and says what came of it, also when it crashed or hung.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stopGroup } from '../editor/process.mjs';
import { builtTests } from './suites.mjs';

/** A process that is still there so long after its tests have ended has left something open. */
const LEFT_OPEN_MS = 20_000;

/**
 * @typedef {{ title: string, reason: string }} Failure
 * @typedef {{ passed: number, skipped: number, failures: Failure[] }} Result
 */

/** @type {(title: string, reason: string) => Result} */
export const failed = (title, reason) => ({ passed: 0, skipped: 0, failures: [{ title, reason }] });

/**
 * @param {string} root @param {import('./suites.mjs').Suite} suite @param {string | undefined} grep
 * @param {'inherit' | 'ignore'} output whether failures are printed as they happen
 * @returns {Promise<Result>}
 */
export async function runSuite(root, suite, grep, output = 'inherit') {
  const folder = fs.mkdtempSync(path.join(shortTemporaryFolder(), 'tml-'));
  const reportFile = path.join(folder, 'report.json');
  try {
    const args = suite.runner === 'mocha' ? mochaArguments(root, suite, grep) : extensionHostArguments(root, suite, reportFile);
    const temporary = { TMPDIR: folder, TMP: folder, TEMP: folder }; // so that nothing is left even of a suite that was killed
    const env = { ...process.env, ...temporary, TINYML_ROOT: root, TINYML_TEST_REPORT: reportFile, TINYML_TEST_GREP: grep ?? '' };
    const ending = await runLimited(args, { cwd: root, env, stdio: ['ignore', output, output] }, suite.limitSeconds * 1000, reportFile);
    return judge(suite, reportFile, ending);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}

/** VS Code puts sockets below it, whose paths may have about 100 characters: macOS's own temporary folder is too long for that. */
const shortTemporaryFolder = () => (process.platform === 'win32' ? os.tmpdir() : '/tmp');

/** @param {string} root @param {import('./suites.mjs').Suite} suite @param {string | undefined} grep */
function mochaArguments(root, suite, grep) {
  const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = path.join(root, 'scripts', 'testing', 'reporter.cjs');
  const perTest = suite.editor ? '180000' : '60000';
  return ['--enable-source-maps', mocha, '--no-config', '--reporter', reporter, '--timeout', perTest, ...(grep ? ['--grep', grep] : []), ...builtTests(root, suite.name)];
}

/** @param {string} root @param {import('./suites.mjs').Suite} suite @param {string} reportFile */
function extensionHostArguments(root, suite, reportFile) {
  const ownLimitMs = (suite.limitSeconds - 30) * 1000; // shorter than the process's, so that it can take a screenshot and clean up
  return ['--enable-source-maps', path.join(root, 'out', 'test', suite.name, 'main.js'), reportFile, String(ownLimitMs)];
}

/**
 * @param {string[]} args @param {import('node:child_process').SpawnOptions} options @param {number} limitMs @param {string} reportFile
 * @returns {Promise<string>} '' when it ended well, else how it ended
 */
function runLimited(args, options, limitMs, reportFile) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { ...options, detached: true });
    let stoppedBecause = '';
    const stop = (/** @type {string} */ reason) => {
      stoppedBecause ||= reason;
      stopGroup(child).catch(reject);
    };
    const limit = setTimeout(() => stop(`it did not end within ${limitMs / 1000} s and was stopped`), limitMs);
    const watch = setInterval(() => {
      if (!fs.existsSync(reportFile) || Date.now() - fs.statSync(reportFile).mtimeMs < LEFT_OPEN_MS) return;
      stop(`something was left open: it was still running ${LEFT_OPEN_MS / 1000} s after its tests`);
    }, 1000);
    const interrupt = () => stop('it was interrupted');
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const finish = () => {
      clearTimeout(limit);
      clearInterval(watch);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    };
    child.once('error', (error) => (finish(), reject(error)));
    child.once('exit', (code, signal) => (finish(), resolve(stoppedBecause || (code === 0 ? '' : `it ended with ${code ?? signal}`))));
  });
}

/** @param {import('./suites.mjs').Suite} suite @param {string} reportFile @param {string} ending @returns {Result} */
function judge(suite, reportFile, ending) {
  if (!fs.existsSync(reportFile)) return failed(suite.name, `no report: ${ending || 'it ended without having finished its tests'}`);
  /** @type {Result} */
  const report = JSON.parse(fs.readFileSync(reportFile, 'utf8'));
  if (report.passed + report.failures.length === 0) report.failures.push({ title: suite.name, reason: 'no test ran' });
  else if (ending && report.failures.length === 0) report.failures.push({ title: suite.name, reason: `all tests passed, but ${ending}` });
  return report;
}
