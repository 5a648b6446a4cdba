/** The packaged extension: what it holds, that its native modules are complete, and that it works when installed. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { runTool } from '../../scripts/editor/process.mjs';
import { activation } from '../support/activation';
import { copySamples, root, temporaryFolder } from '../support/project';
import { Workbench } from '../support/workbench';

/** Every file of the package matches one of these; and each of these matches a file. */
const ALLOWED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE(\.txt)?)$/,
  /^extension\/dist\/(extension|cli|ort-runner|avr-simulator|rp2040-simulator)\.js$/,
  /^extension\/dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/dist\/chunks\/[\w-]+-[A-Z0-9]+\.js$/,
  /^extension\/dist\/webview\/(inspector|compare|device|verify|report)\.(js|css)$/,
  /^extension\/dist\/webview\/shared-[A-Z0-9]+\.js$/,
  /^extension\/dist\/webview\/[\w.-]+\.ttf$/,
  /^extension\/media\/[\w./-]+\.(svg|png|md)$/,
  /^extension\/schemas\/\w+\.schema\.json$/,
  /^extension\/samples\/(README\.md|tinyml\.json|(digits|gesture)\/[\w.-]+\.(onnx|npz))$/,
  /^extension\/node_modules\/onnxruntime-(node|common)\/(package\.json|dist\/[\w/.-]+\.js|dist\/cjs\/package\.json)$/,
  new RegExp(`^extension/node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/[^/]+$`),
  /^extension\/node_modules\/@serialport\/bindings-(cpp|interface)\/(node_modules\/.+\/)?(package\.json|LICENSE|(dist|src)\/[\w.-]+\.js)$/,
  /^extension\/node_modules\/@serialport\/bindings-cpp\/prebuilds\/[^/]+\/[^/]+\.node$/,
  /^extension\/node_modules\/(node-gyp-build|ms)\/(package\.json|LICENSE|license\.md|[\w-]+\.js)$/,
];

/** Runs digits.onnx and loads the serial port binding with nothing but what lies in the unpacked extension. */
const LOAD_NATIVES = `
const ort = require('onnxruntime-node');
require('@serialport/bindings-cpp').autoDetect();
ort.InferenceSession.create('samples/digits/digits.onnx')
  .then((session) => session.run({ image: new ort.Tensor('float32', new Float32Array(64), [1, 1, 8, 8]) }))
  .then(({ scores }) => console.log(JSON.stringify([...scores.data])));
`;

/** Texts that tell in which files of dist/ something is. */
const NOT_AT_ACTIVATION = {
  'the engine': 'TML_CONV2D_F32_H',
  'firmware': 'tml_link_poll',
  'the serial driver': '@serialport/bindings-cpp',
  'the flasher of Espressif chips': 'runStub',
  'the handlers of commands': 'Keep both writes a numbered file beside it.',
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Packages that files of the product import, but for types. */
function importedPackages(): string[] {
  const sources = ['src', 'webview'].flatMap((folder) => fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file)).map((file) => path.join(root, folder, file)));
  const specifiers = sources.flatMap((file) => [...fs.readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type)[^'"`;]*?from '([^'.][^']*)'|import\('([^'.][^']*)'\)/gm)].map((m) => m[1] ?? m[2]));
  return [...new Set(specifiers.map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')))].filter((name) => name !== 'vscode' && !name.startsWith('node:'));
}

describe('the packaged extension', () => {
  let folder: string;
  let vsix: string;
  let unpacked: string;
  let files: Record<string, Uint8Array>;

  before(async () => {
    folder = temporaryFolder('vsix');
    vsix = path.join(folder, 'extension.vsix');
    await runTool(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: root });
    files = unzipSync(fs.readFileSync(vsix));
    unpacked = path.join(folder, 'unpacked', 'extension');
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(folder, 'unpacked', name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, bytes);
    }
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('holds only what it needs', () => {
    const names = Object.keys(files);
    assert.deepEqual(names.filter((name) => !ALLOWED.some((allowed) => allowed.test(name))), []);
    assert.deepEqual(ALLOWED.filter((allowed) => !names.some((name) => allowed.test(name))), []);
  });

  it('names no place on the machine that built it', () => {
    const naming = Object.entries(files).filter(([name, bytes]) => name.endsWith('.js') && Buffer.from(bytes).includes(root));
    assert.deepEqual(naming.map(([name]) => name), []);
  });

  it('activates with what it needs then: no engine, no boards\' code, no native module', () => {
    const holding = (text: string): string[] => Object.keys(files).filter((name) => name.startsWith('extension/dist/') && Buffer.from(files[name]).includes(text)).map((name) => name.slice('extension/'.length));
    const started = activation(unpacked);
    assert.deepEqual(started.nativeModules, []);
    for (const [what, text] of Object.entries(NOT_AT_ACTIVATION)) {
      assert.ok(holding(text).length, `${what} is in no file: the text no longer tells`);
      assert.deepEqual(holding(text).filter((name) => started.files.includes(name)), [], `${what} is read at activation`);
    }
    const kilobytes = started.files.reduce((sum, name) => sum + files[`extension/${name}`].length, 0) / 1000;
    assert.ok(kilobytes < 300, `${kilobytes.toFixed(0)} KB of scripts are read at activation: what only a command needs belongs behind src/host/on-demand.ts`);
  });

  it('holds the licence of each package that is in it', () => {
    const notices = oneLine(Buffer.from(files['extension/dist/THIRD-PARTY-NOTICES.txt']).toString());
    const packages = [...new Set([...importedPackages(), ...Object.keys(files).flatMap((name) => /^extension\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? [])])];
    assert.ok(packages.includes('preact') && packages.includes('onnxruntime-node'), packages.join());
    for (const name of packages) {
      const folder = path.join(root, 'node_modules', name);
      const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
      const start = notices.indexOf(` ${name} ${version} (`);
      assert.ok(start >= 0, `${name} is not named`);
      const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file ? oneLine(fs.readFileSync(path.join(folder, file), 'utf8')) : 'WITHOUT WARRANT';
      assert.ok(notices.includes(text, start), `the licence of ${name} is not there`);
    }
  });

  it('executes a model and loads the serial port with its own files alone', async () => {
    const output = await runTool(process.execPath, ['-e', LOAD_NATIVES], { cwd: unpacked });
    const scores: number[] = JSON.parse(output);
    assert.equal(scores.length, 10);
    assert.ok(Math.abs(scores.reduce((sum, score) => sum + score) - 1) < 1e-5, `probabilities ${scores}`);
  });

  it('opens a model in the inspector when it is installed', async () => {
    const workspace = copySamples();
    try {
      const workbench = await Workbench.open(workspace, { vsix });
      try {
        await workbench.waitForCommand('TinyML: Choose Board…');
        await workbench.openFile('digits/digits.onnx');
        const inspector = await workbench.webview('inspector');
        await inspector.getByText('Conv', { exact: false }).first().waitFor({ timeout: 30_000 });
        await workbench.screenshot('package-inspector');
      } finally {
        await workbench.close();
      }
    } finally {
      fs.rmSync(path.dirname(workspace), { recursive: true, force: true });
    }
  });
});
