import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { CompressReport } from '../../../src/app/engine-contract';
import type { CompareReport } from '../../../src/engine/cost/compare-report';
import type { InspectReport } from '../../../src/engine/cost/report';
import { modelFile, node, port } from '../../support/onnx-builder';
import { root, temporaryFolder } from '../../support/project';

const cli = (...args: string[]): { status: number | null; stdout: string; stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  return { status, stdout, stderr };
};
const digits = path.join(root, 'samples/digits/digits.onnx');

describe('tinyml command', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => (folder = temporaryFolder('cli')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('inspect --json holds what its contract names', () => {
    const { status, stdout } = cli('inspect', digits, '--json');
    assert.equal(status, 0);
    const report = JSON.parse(stdout) as { schema: string; totals: Record<string, number>; layers: Record<string, unknown>[]; uncounted: unknown[]; problems: unknown[] };
    assert.equal(report.schema, 'tinyml-inspect/1');
    for (const key of ['macs', 'params', 'weightBytes', 'flashBytes', 'ramBytes']) assert.equal(typeof report.totals[key], 'number', key);
    for (const key of ['name', 'op', 'macs', 'weightBytes', 'outputBytes', 'liveBytes', 'outputShape', 'dtype', 'origin']) assert.ok(key in report.layers[0], key);
    assert.equal(report.totals.macs, report.layers.reduce((sum, layer) => sum + (layer.macs as number), 0));
    // Counted by hand: conv 8*8*8*9, conv 4*4*16*9*8, dense 64*10.
    assert.equal(report.totals.macs, 4608 + 18432 + 640);
    assert.equal(report.totals.params, 80 + 1168 + 650);
  });

  it('tells its version and the options of a command', () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual([cli('--version').status, cli('--version').stdout], [0, `${version}\n`]);
    assert.equal(cli('help', 'compress').stdout, cli('compress', '--help').stdout);
    assert.match(cli('help', 'compress').stdout, /--quantize <kind>/);
    assert.deepEqual([cli('help', 'nothing').status, cli('help', 'nothing').stderr.split('\n')[0]], [2, 'tinyml: there is no command "nothing"']);
  });

  it('check judges the budgets of tinyml.json: exit status 1 where one is broken', () => {
    const project = path.join(folder, 'tinyml.json');
    fs.copyFileSync(digits, path.join(folder, 'budgeted.onnx'));
    const write = (ram: string): void => fs.writeFileSync(project, JSON.stringify({ board: 'm4-sim', budgets: { 'budgeted.onnx': { ram, timeUs: '50 ms' } } }, null, 2));
    write('4 KiB');
    const kept = cli('check', '--project', project);
    assert.deepEqual([kept.status, kept.stderr], [0, '']);
    write('2 KiB');
    const broken = cli('check', '--project', project);
    assert.equal(broken.status, 1);
    assert.match(broken.stdout, /tinyml\.json:5\nerror: RAM of budgeted\.onnx is 2,560 B, over its budget of 2,048 B by 512 B/);
    const json = JSON.parse(cli('check', '--project', project, '--json').stdout) as { schema: string; budgets: { resource: string; state: string; value: number }[]; problems: unknown[] };
    assert.equal(json.schema, 'tinyml-check/1');
    assert.deepEqual(json.budgets.map(({ resource, state }) => [resource, state]), [['ram', 'over'], ['timeUs', 'kept']]);
    assert.equal(cli('check', '--project', path.join(folder, 'none.json')).status, 1);
  });

  it('inspect tells the time on a board, and scales it by a calibration of that board only', () => {
    const time = (...more: string[]): { us: number; basis: string } => (JSON.parse(cli('inspect', digits, '--board', 'm4-sim', '--json', ...more).stdout) as { time: { us: number; basis: string } }).time;
    const file = path.join(folder, 'calibration.json');
    fs.writeFileSync(file, JSON.stringify({ board: 'm4-sim', factor: 2, source: 'a test' }));
    assert.ok(Math.abs(time('--calibration', file).us / time().us - 2) < 1e-9);
    assert.deepEqual([time().basis, time('--calibration', file).basis], ['modelled', 'calibrated']);
    const other = cli('inspect', digits, '--board', 'm3-sim', '--calibration', file);
    assert.equal(other.status, 1);
    assert.match(other.stderr, /measured on m4-sim, not on m3-sim/);
  });

  it('inspect for people, with the limits of a board', () => {
    const { status, stdout } = cli('inspect', digits, '--board', 'uno-sim');
    assert.equal(status, 0);
    assert.match(stdout, /peak RAM +2\.5 KiB .*of 2\.0 KiB on Arduino Uno \(simulated\): DOES NOT FIT/);
  });

  it('compare: two models side by side, for people and as JSON', () => {
    const dense = path.join(root, 'samples/digits/digits-dense.onnx');
    const { status, stdout } = cli('compare', dense, digits, '--json');
    assert.equal(status, 0);
    const report = JSON.parse(stdout) as CompareReport;
    assert.equal(report.schema, 'tinyml-compare/1');
    const side = (file: string): InspectReport => JSON.parse(cli('inspect', file, '--json').stdout) as InspectReport;
    const [before, after] = [side(dense), side(digits)];
    const change = (id: string): number | null => report.totals.find((total) => total.id === id)!.change;
    assert.equal(change('macs'), after.totals.macs - before.totals.macs);
    assert.equal(change('ramBytes'), after.totals.ramBytes - before.totals.ramBytes);
    assert.deepEqual(report.layers.flatMap((layer) => (layer.after ? [layer.after.name] : [])), after.layers.map((layer) => layer.name));
    assert.deepEqual(report.layers.flatMap((layer) => (layer.before ? [layer.before.name] : [])), before.layers.map((layer) => layer.name));
    assert.match(cli('compare', dense, digits).stdout, /digits-dense\.onnx → digits\.onnx: .* times the MACs/);
    assert.match(cli('compare', digits, digits, '--changed').stdout, /Same costs in every layer[\s\S]*6 of 6 layers matched, 0 differ/);
    assert.equal(cli('compare', digits).status, 2);
  });

  it('compare --accuracy: both on the same labelled samples, with recall of each class', () => {
    const dense = path.join(root, 'samples/digits/digits-dense.onnx');
    const { accuracy } = JSON.parse(cli('compare', dense, digits, '--accuracy', '--json').stdout) as CompareReport;
    const { before, after, changed, classes } = accuracy!;
    assert.deepEqual(classes!.map(({ label }) => label), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const sum = (part: 'total' | 'before' | 'after'): number => classes!.reduce((all, one) => all + one[part], 0);
    assert.deepEqual([sum('total'), sum('before'), sum('after')], [360, before.right, after.right]);
    assert.equal(changed!.better - changed!.worse, after.right - before.right);
    assert.match(cli('compare', dense, digits, '--accuracy').stdout, /Accuracy \d\d\.\d % \(\d+ of 360\) → \d\d\.\d %[\s\S]*class +samples +recall before +after +points/);
  });

  it('takes extents that a model leaves open from --bind, or from tinyml.json', () => {
    const open = path.join(folder, 'open.onnx');
    fs.writeFileSync(open, modelFile({ nodes: [node('Relu', ['x'], ['y'])], inputs: [port('x', ['batch', 'length'])], outputs: [port('y', ['batch', 'length'])] }));
    const shape = (...args: string[]): unknown => (JSON.parse(cli('inspect', open, '--json', ...args).stdout) as InspectReport).model.inputs[0].shape;
    assert.deepEqual(shape('--bind', 'batch=2, length=5'), [2, 5]);
    fs.writeFileSync(path.join(folder, 'tinyml.json'), JSON.stringify({ models: { 'open.onnx': { bind: { length: 7 } } } }));
    assert.deepEqual(shape(), [1, 7]);
    assert.deepEqual(shape('--bind', 'length=3'), [1, 3]);
    assert.equal(cli('codegen', open, '--out', path.join(folder, 'open-c')).status, 0);
    fs.writeFileSync(path.join(folder, 'tinyml.json'), JSON.stringify({ models: { 'open.onnx': { bind: { length: 0 } } } }));
    assert.match(cli('inspect', open).stderr, /"length" in "bind" of "open.onnx" is 0/);
    fs.rmSync(path.join(folder, 'tinyml.json'));
    for (const wrong of ['length', 'length=', 'length=0', 'length=-1', '']) {
      assert.equal(cli('inspect', open, `--bind=${wrong}`).status, 2, wrong);
      assert.equal(cli('flash', open, '--board', 'host', `--bind=${wrong}`).status, 2, wrong);
    }
    assert.match(cli('codegen', open, '--out', path.join(folder, 'not-c')).stderr, /--bind length=16/);
  });

  it('compress, codegen and flash, one after another', () => {
    const out = path.join(folder, 'digits.int8.onnx');
    const compressed = cli('compress', digits, '--quantize', 'int8', '--calibration', path.join(root, 'samples/digits/digits.npz'), '--out', out, '--json');
    assert.equal(compressed.status, 0, compressed.stderr);
    const { before, after } = JSON.parse(compressed.stdout) as Record<'before' | 'after', { accuracy: { right: number; total: number } }>;
    assert.ok(after.accuracy.right >= before.accuracy.right - 0.005 * before.accuracy.total);
    const sources = path.join(folder, 'c');
    const generated = cli('codegen', out, '--out', sources, '--json');
    assert.equal(generated.status, 0, generated.stderr);
    const report = JSON.parse(generated.stdout) as { files: { path: string }[]; arenaBytes: number };
    assert.deepEqual(fs.readdirSync(sources).sort(), report.files.map((f) => f.path).sort());
    fs.copyFileSync(path.join(root, 'samples/digits/digits.npz'), path.join(folder, 'digits.npz'));
    const flashed = cli('flash', out, '--board', 'host', '--limit', '10', '--build-dir', path.join(folder, 'build'), '--json');
    assert.equal(flashed.status, 0, flashed.stdout + flashed.stderr);
    assert.equal((JSON.parse(flashed.stdout) as { summary: { equal: number } }).summary.equal, 10);
  });

  it('compress takes kinds, methods, ranges of samples and forms of layers', () => {
    const csv = path.join(folder, 'digits.csv');
    const lines = Array.from({ length: 40 }, (_, i) => [...Array.from({ length: 64 }, (_v, k) => ((i * 7 + k * 13) % 17) / 16), i % 10].join());
    fs.writeFileSync(csv, `${lines.join('\n')}\n`);
    const data = ['--calibration', csv, '--label-column', 'last', '--calibrate', '0-19', '--validation', '20-29', '--test', '30-39'];
    const { status, stdout, stderr } = cli('compress', digits, '--quantize', 'int8', '--method', 'equalize,bias', '--ranges', 'percentile', '--layers', '/conv1/Conv=float32', ...data, '--out', path.join(folder, 'x.onnx'), '--json');
    assert.equal(status, 0, stderr + stdout);
    const report = JSON.parse(stdout) as CompressReport;
    assert.deepEqual([report.calibrationSamples, report.after.accuracy!.total, report.method!.validationSamples], [20, 10, 10]);
    assert.deepEqual([report.method!.ranges, report.method!.steps, report.method!.trials], ['percentile', ['equalize', 'bias'], []]);
    assert.deepEqual(report.layers[0].form, { activations: 'float32', weights: 'float32' });
    const text = cli('compress', digits, '--quantize', 'int4', ...data, '--out', path.join(folder, 'y.onnx'));
    assert.equal(text.status, 0, text.stderr);
    assert.match(text.stdout, /tried on 10 validation samples[\s\S]*nearest codes[\s\S]*reconstruction[\s\S]*SQNR dB[\s\S]*float32\/int4/);
    const free = cli('compress', digits, '--quantize', 'int8', '--data-free=-0.5..1', '--out', path.join(folder, 'z.onnx'), '--json');
    assert.deepEqual([free.status, (JSON.parse(free.stdout) as CompressReport).calibration], [0, 'data-free']);
    for (const wrong of [['--quantize', 'int3'], ['--quantize', 'int8', '--method', 'magic'], ['--quantize', 'int8', '--calibrate', '9-3'], ['--quantize', 'int8', '--data-free', '1..0'], ['--quantize', 'int8', '--layers', 'x'], ['--quantize', 'mixed', '--flash-budget', 'much']]) {
      assert.equal(cli('compress', digits, ...wrong).status, 2, wrong.join(' '));
    }
  });

  it('ends quietly where its reader has seen enough', function () {
    if (process.platform === 'win32') this.skip();
    const { stderr } = spawnSync('/bin/sh', ['-c', `'${process.execPath}' '${path.join(root, 'dist/cli.js')}' boards --json | head -c 10`], { encoding: 'utf8' });
    assert.equal(stderr, '');
  });

  it('wrong usage is told in two lines, with the name that was meant', () => {
    const lines = (...args: string[]): string[] => cli(...args).stderr.trimEnd().split('\n');
    assert.deepEqual(lines('inspct', digits), ['tinyml: there is no command "inspct"; did you mean inspect?', 'tinyml --help lists the commands']);
    assert.deepEqual(lines('inspect', digits, '--bord', 'uno'), ['tinyml: inspect has no option --bord; did you mean --board?', 'tinyml inspect --help lists its options']);
    assert.deepEqual(lines('inspect', digits, '--colour=red')[0], 'tinyml: inspect has no option --colour');
    assert.deepEqual(lines('flash', digits), ['tinyml: flash needs --board; `tinyml boards` lists them', 'tinyml flash --help lists its options']);
    assert.deepEqual(lines('inspect', digits, '--board', 'pcio'), ['error: There is no board "pcio" [TINYML-CHOICE]', '  -> Did you mean pico?']);
    const unknown = lines('inspect', digits, '--board', 'zx81');
    assert.deepEqual([unknown.length, unknown.join().match(/nucleo-l432kc/g)?.length], [3, 1], 'choices are listed once');
    assert.equal(lines('inspect', path.join(root, 'samples/digits/digit.onnx')).at(-1), `  -> Did you mean ${digits}?`);
  });

  it('a problem is exit status 1, wrong usage 2', () => {
    const missing = cli('inspect', path.join(folder, 'none.onnx'), '--json');
    assert.equal(missing.status, 1);
    assert.equal((JSON.parse(missing.stdout) as { problems: { code: string }[] }).problems[0].code, 'TINYML-FILE-MISSING');
    const plain = cli('inspect', path.join(folder, 'none.onnx'));
    assert.match(plain.stderr, /TINYML-FILE-MISSING[\s\S]*->/);
    assert.equal(cli('inspect').status, 2);
    assert.equal(cli('inspect', digits, '--colour').status, 2);
    assert.equal(cli('fly').status, 2);
    assert.equal(cli('compress', digits).status, 2);
    assert.equal(cli('flash', digits).status, 2);
    assert.equal(cli('codegen', digits, '--out', path.join(folder, 'x'), '--isa', 'z80').status, 1);
    assert.equal(fs.existsSync(path.join(folder, 'x')), false);
  });

  it('help lists every command', () => {
    const { status, stdout } = cli('--help');
    assert.equal(status, 0);
    for (const name of ['inspect', 'compress', 'codegen', 'flash', 'doctor']) assert.match(stdout, new RegExp(`tinyml ${name}`));
    assert.match(cli('flash', '--help').stdout, /--board/);
  });
});
