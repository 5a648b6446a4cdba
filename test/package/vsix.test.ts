/** The packaged extension: what it holds, that its native modules are complete, and that it works when installed. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { runTool } from '../../scripts/editor/process.mjs';
import { copySamples, root, temporaryFolder } from '../support/project';
import { Workbench } from '../support/workbench';

/** Every file of the package matches one of these; and each of these matches a file. */
const ALLOWED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE(\.txt)?)$/,
  /^extension\/dist\/(extension|cli|ort-runner|avr-simulator|rp2040-simulator)\.js$/,
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

describe('the packaged extension', () => {
  let folder: string;
  let vsix: string;
  let files: Record<string, Uint8Array>;

  before(async () => {
    folder = temporaryFolder('vsix');
    vsix = path.join(folder, 'extension.vsix');
    await runTool(process.execPath, ['scripts/package.mjs', '--out', vsix], { cwd: root });
    files = unzipSync(fs.readFileSync(vsix));
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

  it('starts without the engine, which runs in a worker of its own', () => {
    const holdsKernels = (program: string): boolean => Buffer.from(files[`extension/dist/${program}.js`]).includes('TML_CONV2D_F32_H');
    assert.deepEqual(['extension', 'cli'].map(holdsKernels), [false, true]);
  });

  it('executes a model and loads the serial port with its own files alone', async () => {
    const unpacked = path.join(folder, 'unpacked');
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(unpacked, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, bytes);
    }
    const output = await runTool(process.execPath, ['-e', LOAD_NATIVES], { cwd: path.join(unpacked, 'extension') });
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
