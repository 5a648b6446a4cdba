// `npm start`: builds the extension and opens VS Code with it on the samples folder: desktop VS Code where `code` is on the PATH,
// else VS Code in the browser (npm's code-server, on the loopback interface).
//   --browser     VS Code in the browser even where the desktop one is there
//   --port <n>    port for the browser (default: 8430, or a free one when that is taken)
//   --data <dir>  where VS Code in the browser keeps its settings (default: .tools/editor)
//   --check       start VS Code in the browser, see that it answers, stop
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findDesktopCode } from './editor/desktop.mjs';
import { installCodeServer, SetupError } from './editor/install.mjs';
import { startCodeServer } from './editor/server.mjs';

const NEEDED_NODE_MAJOR = 20;
const USUAL_PORT = 8430;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const samples = path.join(root, 'samples');
const toolsFolder = path.join(root, '.tools');
const say = (/** @type {string} */ text) => console.log(`- ${text}`);

/** @param {string[]} args */
function readOptions(args) {
  const options = { browser: false, check: false, port: 0, data: path.join(toolsFolder, 'editor') };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--browser') options.browser = true;
    else if (args[i] === '--check') options.check = options.browser = true;
    else if (args[i] === '--port' && Number(args[i + 1]) > 0) options.port = Number(args[++i]);
    else if (args[i] === '--data' && args[i + 1]) options.data = path.resolve(args[++i]);
    else throw new SetupError(`Unknown option ${args[i]}. Known: --browser, --port <number>, --data <folder>, --check.`);
  }
  return options;
}

function checkEnvironment() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < NEEDED_NODE_MAJOR) throw new SetupError(`This is Node ${process.versions.node}; Node ${NEEDED_NODE_MAJOR} or newer is needed (https://nodejs.org).`);
  if (!fs.existsSync(path.join(root, 'node_modules', 'esbuild'))) throw new SetupError('The packages are not installed yet. Run "npm ci" first.');
}

function build() {
  say('Building the extension');
  const done = spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (done.status !== 0) throw new SetupError('The build failed; its messages are above.');
}

/** @param {string} program */
function openDesktop(program) {
  say(`Opening desktop VS Code (${program}) with the extension on ${samples}`);
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, samples];
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.once('error', (error) => fail(new SetupError(`Desktop VS Code did not start (${error.message}). "npm start -- --browser" uses the browser instead.`)));
  child.once('spawn', () => child.unref());
  say('After a change: "npm run build", then "Developer: Reload Window" in that window.');
}

/** @param {{ check: boolean, port: number, data: string }} options */
async function openBrowser(options) {
  const { node, entry } = await installCodeServer(toolsFolder, say);
  linkExtension(path.join(options.data, 'extensions'));
  say('Starting VS Code for the browser');
  const port = options.port || ((await isFree(USUAL_PORT)) ? USUAL_PORT : 0);
  const server = await startCodeServer({ root, node, entry, folder: options.data, port });
  const url = server.url(samples);
  if (options.check) {
    const page = await fetch(url);
    await server.stop();
    if (!page.ok) throw new Error(`${url} answered ${page.status}`);
    say('It answers. Stopped again.');
    return;
  }
  console.log(`\nOpen this in a browser (only this machine can reach it):\n\n${url}\n\nCtrl+C stops it. After a change: "npm run build", then reload the page.`);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    say('Stopping');
    server.stop().then(() => process.exit(0), fail);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop);
  await server.ended;
  if (!stopping) throw new Error(`VS Code for the browser ended by itself. Its last words:\n${server.log().trimEnd().split('\n').slice(-25).join('\n')}`);
}

/** The checkout itself becomes an installed extension, so that a build and a page reload are all that a change needs. */
function linkExtension(/** @type {string} */ extensionsFolder) {
  fs.rmSync(extensionsFolder, { recursive: true, force: true });
  fs.mkdirSync(extensionsFolder, { recursive: true });
  fs.symlinkSync(root, path.join(extensionsFolder, 'tinyml-workbench'), 'dir');
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** @param {unknown} error */
function fail(error) {
  console.error(`\n${error instanceof SetupError ? error.message : error instanceof Error ? error.stack : error}`);
  process.exit(1);
}

try {
  const options = readOptions(process.argv.slice(2));
  checkEnvironment();
  build();
  const desktop = options.browser ? undefined : findDesktopCode();
  if (desktop) openDesktop(desktop);
  else {
    if (!options.browser) say('Desktop VS Code ("code") is not on the PATH, so VS Code runs in the browser');
    await openBrowser(options);
  }
} catch (error) {
  fail(error);
}
