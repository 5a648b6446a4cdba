// Bundles everything that runs: extension, CLI, workers, webviews; with --tests also the tests. `--watch` rebuilds on change.
import * as esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inChunks } from './chunks.mjs';
import { iconsPlugin } from './icons.mjs';
import { bundledFolders, listedFolders, noticesText } from './notices.mjs';
import { NATIVE_SCRIPTS } from './packaging.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const args = new Set(process.argv.slice(2));

/** C, linker and assembler sources are bundled as text: the engine does no IO, so its kernels must come with it. @type {Record<string, esbuild.Loader>} */
const textLoader = { '.h': 'text', '.c': 'text', '.ld': 'text', '.S': 'text', '.cpp': 'text' };
/** @type {esbuild.BuildOptions} */
const common = {
  bundle: true,
  sourcemap: args.has('--production') ? false : 'linked',
  minify: args.has('--production'),
  keepNames: true, // error names are part of the protocol (CancelledError)
  logLevel: 'warning',
  loader: { ...textLoader, '.ttf': 'file', '.svg': 'text' },
};
/** Native modules stay outside of the bundle: they are found in node_modules at run time and loaded on first use. */
const native = ['vscode', 'onnxruntime-node', '@serialport/bindings-cpp'];
/** @type {esbuild.BuildOptions} */
const node = { ...common, platform: 'node', target: 'node20', format: 'cjs', external: native };

const programs = {
  'ort-runner': 'src/app/runners/ort.ts',
  'avr-simulator': 'src/device/simulators/avr/main.ts',
  'rp2040-simulator': 'src/device/simulators/rp2040/main.ts',
};
const panels = Object.fromEntries(['inspector', 'compare', 'device', 'verify', 'report'].map((name) => [name, `webview/${name}/main.tsx`]));
const existing = (/** @type {Record<string, string>} */ entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => fs.existsSync(file)));

/** Panels share what they have in common as chunks: each of them alone would hold the toolkit, the table and the icons again. @type {esbuild.BuildOptions[]} */
const builds = [
  { ...node, entryPoints: existing(programs), outdir: 'dist' },
  inChunks({ ...node, entryPoints: existing({ extension: 'src/extension.ts', cli: 'src/cli/main.ts' }), outdir: 'dist' }),
  {
    ...common,
    entryPoints: existing(panels),
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'chrome120',
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    alias: { react: 'preact/compat', 'react-dom': 'preact/compat' },
    plugins: [iconsPlugin('webview')],
  },
];

function testFiles() {
  const files = fs.readdirSync('test', { recursive: true, encoding: 'utf8' }).map((f) => path.join('test', f));
  return files.filter((f) => f.endsWith('.test.ts') || /integration.(index|main)\.ts$/.test(f));
}
if (args.has('--tests')) {
  builds.push({ ...node, minify: false, entryPoints: testFiles(), outdir: 'out/test', outbase: 'test', external: [...native, 'mocha', 'playwright-core', '@vscode/test-electron', 'avr8js', 'esbuild'] });
}

fs.rmSync('dist', { recursive: true, force: true });
if (args.has('--tests')) fs.rmSync('out/test', { recursive: true, force: true });
const wanted = builds.filter((b) => Object.keys(b.entryPoints ?? {}).length > 0);
if (args.has('--watch')) {
  for (const build of wanted) await (await esbuild.context(build)).watch();
} else {
  const built = await Promise.all(wanted.map((build) => esbuild.build({ ...build, metafile: args.has('--production') }))).catch(() => process.exit(1)); // esbuild has printed why
  if (args.has('--production')) fs.writeFileSync('dist/THIRD-PARTY-NOTICES.txt', noticesText([...bundledFolders(built.map(({ metafile }) => metafile)), ...listedFolders(NATIVE_SCRIPTS)]));
  if (args.has('--sizes')) for (const f of fs.readdirSync('dist')) console.log(f, fs.statSync(path.join('dist', f)).size);
}
