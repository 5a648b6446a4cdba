// Benchmarks: `npm run bench -- <name>...`, all without a name; `--list` names them. Each prints its figures side by side.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(folder);
const files = fs.readdirSync(folder).filter((file) => /\.bench\.(mjs|ts)$/.test(file));
const names = files.map((file) => file.replace(/\.bench\.\w+$/, '')).sort();
const asked = process.argv.slice(2);
if (asked.includes('--list')) {
  console.log(names.join('\n'));
  process.exit(0);
}
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length) {
  console.error(`There is no benchmark ${unknown.join(', ')}. Known: ${names.join(', ')}`);
  process.exit(2);
}
if (!fs.existsSync(path.join(root, 'dist/cli.js'))) spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
let failed = false;
for (const name of asked.length ? asked : names) {
  console.log(`== ${name}`);
  failed = spawnSync(process.execPath, ['--expose-gc', await program(name)], { cwd: root, stdio: 'inherit' }).status !== 0 || failed;
}
process.exit(failed ? 1 : 0);

/** A benchmark in TypeScript calls the engine itself: it is bundled first. */
async function program(name) {
  const file = files.find((f) => f.startsWith(`${name}.bench.`));
  if (file.endsWith('.mjs')) return path.join(folder, file);
  const outfile = path.join(root, 'out/bench', `${name}.js`);
  const text = { '.h': 'text', '.c': 'text', '.cpp': 'text', '.ld': 'text', '.S': 'text' };
  await esbuild.build({ entryPoints: [path.join(folder, file)], outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs', loader: text, external: ['onnxruntime-node', '@serialport/bindings-cpp', 'avr8js', 'rp2040js', 'playwright-core', 'vscode'], logLevel: 'warning' });
  return outfile;
}
