// Checks types layer by layer: the pure layers without Node or DOM, the webviews without Node, the rest with Node.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
let failed = false;
for (const project of ['tsconfig.pure.json', 'tsconfig.node.json', 'tsconfig.webview.json', 'scripts/tsconfig.json']) {
  const done = spawnSync(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', project], { cwd: root, stdio: 'inherit' });
  failed ||= done.status !== 0;
}
process.exit(failed ? 1 : 0);
