import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { CompressReport } from '../../src/app/engine-contract';
import { root, temporaryFolder } from '../support/project';

const cli = (...args: string[]): { status: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { status, stdout, stderr };
};
const digits = path.join(root, 'samples/digits/digits.onnx');

describe('tinyml compress with steps', function () {
  this.timeout(400_000);
  let folder: string;
  before(() => (folder = temporaryFolder('cli-steps')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('compress prunes, factorizes, saves the steps as a recipe and follows it to the same bytes', () => {
    const data = ['--calibration', path.join(root, 'samples/digits/digits.npz')];
    const [first, second, recipe] = ['p.onnx', 'q.onnx', 'p.tinyml-recipe.json'].map((file) => path.join(folder, file));
    const steps = ['--prune', 'macs=20%', '--importance', 'activation', '--factorize', 'flash=5%', '--quantize', 'int8', '--method', 'plain'];
    const made = cli('compress', digits, ...steps, ...data, '--out', first, '--save-recipe', recipe, '--json');
    assert.equal(made.status, 0, made.stderr + made.stdout);
    const report = JSON.parse(made.stdout) as CompressReport;
    assert.deepEqual(report.steps.map(({ kind }) => kind), ['prune', 'factorize']);
    assert.ok(report.steps[0].after <= report.steps[0].before * 0.8 && report.steps[1].after <= report.steps[1].before * 0.95);
    const again = cli('compress', digits, '--recipe', recipe, ...data, '--out', second);
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, /pruned: macs[\s\S]*ranked by[\s\S]*activation[\s\S]*factorized: flash/);
    assert.deepEqual(fs.readFileSync(second), fs.readFileSync(first), 'same input, same steps, same bytes');
    assert.equal(cli('compress', digits, ...steps, ...data, '--out', first, '--replace', '--save-recipe', recipe, '--json').status, 0);
    assert.equal(cli('compress', digits, '--quantize', 'int8', ...data, '--save-recipe', recipe, '--out', path.join(folder, 'r.onnx')).status, 1, 'a recipe is not overwritten');
    fs.writeFileSync(recipe, JSON.stringify({ schema: 'tinyml-recipe/1', steps: [{ kind: 'fineTune' }] }));
    const reserved = cli('compress', digits, '--recipe', recipe, ...data, '--out', path.join(folder, 'r.onnx'));
    assert.deepEqual([reserved.status, fs.existsSync(path.join(folder, 'r.onnx'))], [1, false]);
    assert.match(reserved.stderr, /TINYML-RECIPE-FINE-TUNE/);
    for (const wrong of [['--prune', 'macs=130%'], ['--prune', 'size=3'], ['--prune', 'macs=x'], ['--importance', 'l1', '--quantize', 'int8'], ['--cluster', '5'], ['--sparsify', '3:4'], ['--sparsify', '2:4', '--sparse-blocks'], ['--recipe', recipe, '--quantize', 'int8']]) assert.equal(cli('compress', digits, ...wrong, ...data).status, 2, wrong.join(' '));
  });

  it('steps behind quantization: a recipe on the float model makes what options make of the int8 one', () => {
    const data = ['--calibration', path.join(root, 'samples/digits/digits.npz')];
    const [after, whole, inParts] = ['after.tinyml-recipe.json', 'whole.onnx', 'parts.onnx'].map((file) => path.join(folder, file));
    const last = { kind: 'prune', measure: 'macs', share: 0.2, importance: 'activation' };
    fs.writeFileSync(after, JSON.stringify({ schema: 'tinyml-recipe/1', steps: [{ kind: 'quantize', to: 'int8', method: [] }, last, { kind: 'sparsify', pattern: '2:4' }, { kind: 'cluster', entries: 16 }] }));
    const behind = cli('compress', digits, '--recipe', after, ...data, '--out', whole, '--json');
    assert.equal(behind.status, 0, behind.stderr);
    assert.deepEqual((JSON.parse(behind.stdout) as CompressReport).steps.map(({ kind }) => kind), ['prune', 'sparsify', 'cluster']);
    assert.equal(cli('compress', digits, '--quantize', 'int8', '--method', 'plain', ...data, '--out', inParts).status, 0);
    const lastOnly = cli('compress', inParts, '--prune', 'macs=20%', '--importance', 'activation', '--sparsify', '2:4', '--cluster', '16', ...data, '--out', `${inParts}.small.onnx`);
    assert.equal(lastOnly.status, 0, lastOnly.stderr);
    assert.deepEqual(fs.readFileSync(`${inParts}.small.onnx`).length, fs.readFileSync(whole).length);
  });
});
