// `npm test`: checks types, builds, runs the test suites and ends with one line "N passed, N failed".
//   npm test                      everything
//   npm test -- unit golden       these suites (scripts/testing/suites.mjs)
//   npm test -- unit --grep text  only tests whose name matches
//   npm test -- e2e --no-build    what is in dist/ and out/ already
// TINYML_SKIP_EDITOR=1 skips the suites that need VS Code and a browser; TINYML_EDITOR=desktop runs `integration` in desktop VS Code.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './editor/browser.mjs';
import { installCodeServer, SetupError } from './editor/install.mjs';
import { failed, runSuite } from './testing/run-suite.mjs';
import { builtTests, SUITES } from './testing/suites.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} args */
function readOptions(args) {
  const options = { suites: /** @type {string[]} */ ([]), grep: /** @type {string | undefined} */ (undefined), build: true };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--no-build') options.build = false;
    else if (args[i] === '--grep' && args[i + 1]) options.grep = args[++i];
    else if (SUITES.some((suite) => suite.name === args[i])) options.suites.push(args[i]);
    else throw new SetupError(`Unknown argument ${args[i]}. Suites: ${SUITES.map((suite) => suite.name).join(', ')}. Options: --grep <text>, --no-build.`);
  }
  return options;
}

/** A step that counts as one test. @param {string} title @param {string} script @param {string[]} args @returns {import('./testing/run-suite.mjs').Result} */
function runStep(title, script, args = []) {
  const done = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return done.status === 0 ? { passed: 1, skipped: 0, failures: [] } : failed(title, `${script} ended with ${done.status ?? done.signal}; its messages are above`);
}

/** @param {import('./testing/suites.mjs').Suite} suite */
const needsBrowser = (suite) => suite.editor === true && process.env.TINYML_SKIP_EDITOR !== '1' && !(suite.runner === 'extension-host' && process.env.TINYML_EDITOR === 'desktop');

/**
 * Installs the editor while the other suites run: the first time it takes minutes. A failure is for the suites that need it.
 * @param {AbortSignal} signal
 */
function installEditor(signal) {
  const installing = Promise.resolve().then(() => (findBrowser(), installCodeServer(path.join(root, '.tools'), (text) => console.log(`(${text})`), signal)));
  installing.catch(() => {});
  return installing;
}

/** @param {import('./testing/suites.mjs').Suite} suite @param {string | undefined} grep @param {Promise<unknown> | undefined} editor @returns {Promise<import('./testing/run-suite.mjs').Result>} */
async function runOrExplain(suite, grep, editor) {
  if (suite.editor && process.env.TINYML_SKIP_EDITOR === '1') {
    console.log('  skipped: TINYML_SKIP_EDITOR=1');
    return { passed: 0, skipped: Math.max(1, builtTests(root, suite.name).length), failures: [] };
  }
  if (builtTests(root, suite.name).length === 0) return failed(suite.name, `there are no tests in test/${suite.name}`);
  if (needsBrowser(suite)) await editor;
  return runSuite(root, suite, grep);
}

/** @param {string} title @param {() => import('./testing/run-suite.mjs').Result | Promise<import('./testing/run-suite.mjs').Result>} work */
async function timed(title, work) {
  console.log(`== ${title}`);
  const start = Date.now();
  /** @type {import('./testing/run-suite.mjs').Result} */
  let result;
  try {
    result = await work();
  } catch (error) {
    result = failed(title, error instanceof SetupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  console.log(`   ${summary(result)} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/** @param {import('./testing/run-suite.mjs').Result} result */
const summary = (result) => `${result.passed} passed, ${result.failures.length} failed${result.skipped ? `, ${result.skipped} skipped` : ''}`;

async function main() {
  const options = readOptions(process.argv.slice(2));
  const wanted = SUITES.filter((suite) => (options.suites.length ? options.suites.includes(suite.name) : !suite.optional || hasSources(suite)));
  const installing = new AbortController();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    installing.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const editor = wanted.some(needsBrowser) ? installEditor(installing.signal) : undefined;
  const results = [];
  if (options.build) {
    results.push(await timed('types', () => runStep('types', 'scripts/typecheck.mjs')));
    results.push(await timed('build', () => runStep('build', 'scripts/build.mjs', ['--tests'])));
  }
  const built = !options.build || results[1].failures.length === 0;
  for (const suite of built ? wanted : []) {
    if (interrupted) break;
    results.push(await timed(suite.name, () => runOrExplain(suite, options.grep, editor)));
  }
  installing.abort();
  if (interrupted) results.push(failed('npm test', 'interrupted'));
  report(results);
}

/** @param {import('./testing/suites.mjs').Suite} suite */
const hasSources = (suite) => fs.existsSync(path.join(root, 'test', suite.name));

/** Every failure once more, then the one line that says how it went. @param {import('./testing/run-suite.mjs').Result[]} results */
function report(results) {
  const total = { passed: 0, skipped: 0, failures: results.flatMap((result) => result.failures) };
  for (const result of results) {
    total.passed += result.passed;
    total.skipped += result.skipped;
  }
  if (total.failures.length) console.log('\nFailed:');
  for (const { title, reason } of total.failures) console.log(`- ${title}: ${reason.split('\n')[0]}`);
  console.log(`\n${summary(total)}`);
  process.exitCode = total.failures.length > 0 || total.passed === 0 ? 1 : 0;
}

await main().catch((error) => {
  console.error(error instanceof SetupError ? error.message : error);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
});
