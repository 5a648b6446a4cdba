// Benchmarks: `npm run bench -- <name>...`, all without a name; `--list` names them. Each prints its figures side by side.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(folder);
const names = fs.readdirSync(folder).filter((file) => file.endsWith('.bench.mjs')).map((file) => file.slice(0, -'.bench.mjs'.length)).sort();
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
  failed = spawnSync(process.execPath, [path.join(folder, `${name}.bench.mjs`)], { cwd: root, stdio: 'inherit' }).status !== 0 || failed;
}
process.exit(failed ? 1 : 0);
