// `npm run package`: a VSIX with only what one platform needs, into out/vsix. Fails when it is larger than its budget.
//   --target <platform>   another platform than this one (see packaging.mjs)
//   --out <file>          another file
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativeLines, TARGETS, thisTarget } from './packaging.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} args */
function readOptions(args) {
  const options = { target: thisTarget(), out: '' };
  for (let i = 0; i < args.length; i += 2) {
    if (args[i] === '--target' && args[i + 1]) options.target = args[i + 1];
    else if (args[i] === '--out' && args[i + 1]) options.out = path.resolve(args[i + 1]);
    else throw new Error(`Unknown option ${args[i]}. Known: --target <platform>, --out <file>.`);
  }
  if (!TARGETS[options.target]) throw new Error(`No target ${options.target}. Known: ${Object.keys(TARGETS).join(', ')}.`);
  return options;
}

/** @param {string} script @param {string[]} args */
function run(script, args) {
  const done = spawnSync(process.execPath, [path.join(root, script), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${done.status ?? done.signal}.`);
}

/** @param {{ target: string, out: string }} options */
function makeVsix({ target, out }) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = out || path.join(root, 'out', 'vsix', `tinyml-workbench-${version}-${target}.vsix`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  run('scripts/build.mjs', ['--production']);
  const ignoreFile = path.join(root, `.vscodeignore.${target}.tmp`);
  fs.writeFileSync(ignoreFile, [fs.readFileSync(path.join(root, '.vscodeignore'), 'utf8'), ...nativeLines(target), ''].join('\n'));
  try {
    run('node_modules/@vscode/vsce/vsce', ['package', '--target', target, '--ignoreFile', ignoreFile, '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file]);
  } finally {
    fs.rmSync(ignoreFile);
  }
  return file;
}

try {
  const options = readOptions(process.argv.slice(2));
  const file = makeVsix(options);
  const megabytes = fs.statSync(file).size / 1e6;
  const { budgetMegabytes } = TARGETS[options.target];
  console.log(`${path.relative(root, file)}: ${megabytes.toFixed(1)} MB of at most ${budgetMegabytes} MB`);
  if (megabytes > budgetMegabytes) throw new Error(`Larger than the budget of ${budgetMegabytes} MB for ${options.target} (scripts/packaging.mjs).`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
