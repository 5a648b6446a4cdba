// Writes test/golden/onnx-node-coverage.txt anew: which official ONNX node cases pass in the reference interpreter, and why others are not run.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const run = (/** @type {string[]} */ args, env = {}) => {
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (done.status !== 0) process.exit(done.status ?? 1);
};
run(['scripts/build.mjs', '--tests']);
run(['node_modules/mocha/bin/mocha.js', 'out/test/conformance/onnx-node.test.js'], { TINYML_UPDATE_GOLDEN: '1' });
