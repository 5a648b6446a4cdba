import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { boards } from '../../src/device/boards';
import { ops } from '../../src/engine/ops/table';
import { root } from '../support/project';

/** The design's invariants that can be read off the sources. */

const sources = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx|mjs|h|c|cpp|ld)$/.test(file))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')));

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

/** Import specifiers of a file: static, dynamic, type-only and re-exports. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|import\s*'([^']+)'|import\(\s*'([^']+)'\s*\)/g)].map((m) => m[1] ?? m[2] ?? m[3]);
}

/** Layer that a file belongs to. */
function layerOf(file: string): string {
  if (file === 'src/extension.ts') return 'host';
  if (file.startsWith('webview/')) return 'webview';
  return file.split('/')[1];
}

function targetOf(file: string, specifier: string): { layer: string; path: string } | { module: string } {
  if (!specifier.startsWith('.')) return { module: specifier };
  const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
  return { layer: layerOf(resolved), path: resolved };
}

const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: ['base'],
  engine: ['engine', 'base'],
  device: ['device', 'base'],
  messages: ['messages', 'base'],
  app: ['app', 'engine', 'device', 'base'],
  cli: ['cli', 'app', 'engine', 'device', 'base'],
  host: ['host', 'app', 'engine', 'device', 'messages', 'base'],
  webview: ['webview', 'messages', 'base'],
};

/** Modules that only these files may import. */
const reserved: Readonly<Record<string, RegExp>> = {
  vscode: /^src\/(host\/|extension\.ts)/,
  'onnxruntime-node': /^src\/app\/runners\/ort\.ts$/,
  serialport: /^src\/device\/transports\/(serial|serial-driver|list-ports)\.ts$/,
  avr8js: /^src\/device\/simulators\/avr\//,
  rp2040js: /^src\/device\/simulators\/rp2040\//,
  '@dagrejs/dagre': /^src\/app\/layout\//,
  'esptool-js': /^src\/device\/uploaders\/esp\//,
  '@vscode/webview-ui-toolkit': /^webview\/kit\//,
};

/** Layers that are compiled without Node: none of its modules either. */
const pure = new Set(['base', 'engine', 'messages', 'webview']);

describe('tidy', () => {
  const files = [...sources('src'), ...sources('webview')];

  it('layers import only what they may', () => {
    const wrong: string[] = [];
    for (const file of files.filter((f) => /\.tsx?$/.test(f))) {
      const layer = layerOf(file);
      for (const specifier of importsOf(file)) {
        const target = targetOf(file, specifier);
        if ('layer' in target) {
          if (!mayImport[layer]?.includes(target.layer)) wrong.push(`${file} (${layer}) imports ${specifier} (${target.layer})`);
          continue;
        }
        const name = target.module.startsWith('@') ? target.module.split('/').slice(0, 2).join('/') : target.module.split('/')[0];
        if (reserved[name] && !reserved[name].test(file)) wrong.push(`${file} imports ${target.module}`);
        if (pure.has(layer) && target.module.startsWith('node:')) wrong.push(`${file} (${layer}) imports ${target.module}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  it('packages are imported on demand through a module of ours: the names of CommonJS are not known when the bundle is split', () => {
    const wrong = files.filter((file) => file !== 'src/app/runners/ort.ts' && /\bimport\(\s*'[^.]/.test(read(file)));
    assert.deepEqual(wrong, []);
  });

  it('an op is named only in its folder', () => {
    const names = [...ops().keys()].filter((name) => name.length > 3);
    const pattern = new RegExp(`['"](${names.join('|')})['"]`);
    const wrong = files.filter((f) => f.startsWith('src/') && !f.startsWith('src/engine/ops/') && f.endsWith('.ts')).flatMap((file) =>
      read(file).split('\n').flatMap((line, i) => {
        const found = pattern.exec(line);
        return found && isOpName(file, line, found[1]) ? [`${file}:${i + 1} names ${found[1]}`] : [];
      }),
    );
    assert.deepEqual(wrong, []);
  });

  it('a board is named only in its folder', () => {
    const pattern = new RegExp(`['"](${boards.map((b) => b.id).filter((id) => id !== 'host').join('|')})['"]`);
    const wrong = files.filter((f) => !f.startsWith('src/device/boards/') && pattern.test(read(f)));
    assert.deepEqual(wrong, []);
  });

  it('files have one purpose and less than 400 lines', () => {
    const long = [...files, ...sources('test'), ...sources('scripts')].map((file) => ({ file, lines: read(file).split('\n').length })).filter(({ lines }) => lines > 400);
    assert.deepEqual(long, []);
  });

  it('nothing is left undone, and no path of a machine is written down', () => {
    const wrong = [...files, ...sources('test'), ...sources('scripts')]
      .filter((file) => file !== 'test/unit/tidy.test.ts')
      .filter((file) => /\b(TODO|FIXME|XXX)\b|\.only\(|\/home\/[a-z]|\/root\/|\/work\//.test(read(file)));
    assert.deepEqual(wrong, []);
  });

  it('no folder is called utils, common or helpers, and files are in kebab case', () => {
    const wrong = [...files, ...sources('test')].filter((file) => /\/(utils?|commons?|helpers?)(\/|\.)/.test(file) || !/^[a-z0-9][a-z0-9.-]*$/.test(path.basename(file).replace(/_/g, /\.(h|c|cpp|ld)$/.test(file) ? '-' : '_')));
    assert.deepEqual(wrong, []);
  });

  it('every problem code is made in one place', () => {
    const seen = new Map<string, string>();
    const wrong: string[] = [];
    for (const file of files.filter((f) => f.endsWith('.ts'))) {
      for (const [, code] of read(file).matchAll(/code: '(TINYML-[A-Z0-9-]+)'/g)) {
        const before = seen.get(code);
        if (before !== undefined && before !== file) wrong.push(`${code} in ${before} and ${file}`);
        seen.set(code, file);
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(seen.size > 20);
  });

  it('committed models and data are made by a script beside them', () => {
    const { stdout, status } = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
    assert.equal(status, 0);
    const binary = stdout.split('\n').filter((file) => /\.(onnx|tflite|npz|npy|wav|bin)$/.test(file));
    assert.ok(binary.length > 0);
    assert.deepEqual(binary.filter((file) => !fs.existsSync(path.join(root, path.dirname(file), 'train.py'))), []);
  });
});

/** Words such as 'add' or 'dense' also mean other things: a layer's family, a stage's name. */
function isOpName(file: string, line: string, name: string): boolean {
  if (/family/i.test(line) || file.startsWith('src/host/') || file.startsWith('src/messages/')) return false;
  return !(file === 'src/engine/cost/report.ts' && /LayerFamily/.test(line)) && name !== 'quantize';
}
