// The full run of damaged ONNX files: `node scripts/fuzz-onnx.mjs [from:to]`, 0:20000 without an argument. Seeds make it repeatable.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const run = (/** @type {string[]} */ args, env = {}) => {
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (done.status !== 0) process.exit(done.status ?? 1);
};
run(['scripts/build.mjs', '--tests']);
run(['node_modules/mocha/bin/mocha.js', 'out/test/conformance/onnx-hostile.test.js'], { TINYML_FUZZ: process.argv[2] ?? '0:20000' });
