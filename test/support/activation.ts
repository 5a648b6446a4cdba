import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './project';

export interface Activation {
  /** From `require` to the end of `activate`, and of the processor meanwhile. */
  readonly ms: number;
  readonly cpuMs: number;
  /** Files of the extension that were read, relative to its folder. */
  readonly files: readonly string[];
  readonly nativeModules: readonly string[];
}

/** Loads a built extension in a process of its own and activates it, with an editor that has every name of VS Code's API and does nothing. */
export function activation(folder = root): Activation {
  const script = `
    const fs = require('fs'); const Module = require('module'); const path = require('path'); const load = Module._load;
    const folder = ${JSON.stringify(folder)};
    const nothing = new Proxy(function () {}, { set: () => true, get: (_, key) => key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : nothing, apply: () => nothing, construct: () => nothing });
    const api = fs.readFileSync(${JSON.stringify(path.join(root, 'node_modules/@types/vscode/index.d.ts'))}, 'utf8');
    const editor = Object.fromEntries([...api.matchAll(/^\\s+export (?:abstract )?(?:class|enum|namespace|const|function) (\\w+)/gm)].map((m) => [m[1], nothing]));
    Module._load = (name, ...rest) => (name === 'vscode' ? editor : load(name, ...rest));
    const start = performance.now(); const cpu = process.cpuUsage();
    const extension = require(path.join(folder, 'dist/extension.js'));
    extension.activate({ subscriptions: [], extensionUri: nothing, workspaceState: nothing, globalState: nothing, storageUri: nothing, globalStorageUri: nothing });
    const ms = performance.now() - start; const used = process.cpuUsage(cpu);
    process.report.excludeNetwork = true;
    const files = Object.keys(require.cache).filter((file) => file.startsWith(folder)).map((file) => path.relative(folder, file));
    console.log(JSON.stringify({ ms, cpuMs: (used.user + used.system) / 1000, files, nativeModules: process.report.getReport().sharedObjects.filter((f) => /\\.node$|onnxruntime/.test(f)) })); process.exit(0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').pop()!) as Activation;
}
