import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { elementCount } from '../../../src/engine/ir/dtype';
import { compressModel } from '../../../src/app/compress-model';
import { writeNpz } from '../../../src/app/data/write-npz';
import { directEngine } from '../../../src/app/engine-direct';
import type { VerifyReport } from '../../../src/app/verify/verify-contract';
import { verifyOnBoard } from '../../../src/app/verify/verify-on-board';
import { quietTask } from '../../../src/base/progress';
import { boards } from '../../../src/device/boards';
import type { Board } from '../../../src/device/boards/board';
import { programPath } from '../../../src/app/programs';
import { faultyCompiler } from '../../support/faulty-compiler';
import { plantedEngine, runDeps, type Plant } from '../../support/planted-board';
import { root } from '../../support/project';
import { sharedFolder } from '../../support/shared-folder';
import { boardsWithoutHardware, boardWith, random, removeTemporaryFolders, temporaryFolder, toolsOrSkip } from './support/boards';

const host = boardWith('process');
const uno = boardWith('avr-simulator');
/** With portable kernels, whose rounding is a parameter of the layer: those of the M4F have it in their instructions. */
const m3 = boards.find(({ connect, core }) => connect.kind === 'qemu' && core === 'Cortex-M3')!;
const m4 = boards.find(({ connect, isa }) => connect.kind === 'qemu' && isa === 'dsp')!;

describe('verify on target', function () {
  this.timeout(180_000);
  let folder: string;
  before(() => (folder = temporaryFolder()));
  after(removeTemporaryFolders);

  /** int8 digits beside the float model, so that it is found by its name. */
  async function digits(stem: 'digits' | 'digits-dense'): Promise<string> {
    const out = path.join(folder, `${stem}.int8.onnx`);
    if (fs.existsSync(out)) return out;
    for (const file of ['digits.npz', `${stem}.onnx`]) fs.copyFileSync(path.join(root, 'samples/digits', file), path.join(folder, file));
    fs.copyFileSync(path.join(folder, 'digits.npz'), path.join(folder, `${stem}.npz`));
    await compressModel({ path: path.join(folder, `${stem}.onnx`), quantize: 'int8', method: [], out }, quietTask);
    return out;
  }

  /** The keyword model, whose file asks for double rounding, with real spoken words. */
  function keywords(context: Mocha.Context): string {
    const models = sharedFolder(context, 'models');
    const data = sharedFolder(context, 'testdata', 'kws01');
    const name = 'mlperf_tiny_kws_dscnn_int8.tflite';
    fs.copyFileSync(path.join(models, name), path.join(folder, name));
    fs.writeFileSync(path.join(folder, 'tinyml.json'), JSON.stringify({ models: { [name]: { data, dataOptions: { scale: 0.5847029089927673, zeroPoint: 83 } } } }));
    return path.join(folder, name);
  }

  async function verify(context: Mocha.Context, model: string, board: Board, limit: number, plant?: Plant): Promise<VerifyReport> {
    await toolsOrSkip(context, board);
    const buildRoot = temporaryFolder();
    return verifyOnBoard({ path: model, boardId: board.id, limit }, runDeps(buildRoot, plant && plantedEngine(plant)), quietTask, () => {});
  }

  /** The number in the middle of a layer's weights, one higher. */
  const changeWeight = (array: string): Plant => (file, text) => {
    if (!file.endsWith('_weights.c')) return undefined;
    const start = text.indexOf('{', text.indexOf(array));
    const numbers = text.slice(start, text.indexOf('}', start));
    const all = [...numbers.matchAll(/-?\d+/g)];
    const { 0: number, index } = all[Math.floor(all.length / 2)];
    return text.slice(0, start + index) + String(Number(number) > 100 ? Number(number) - 90 : Number(number) + 90) + text.slice(start + index + number.length);
  };

  /**
   * A second kernel for pointwise layers, used by one of them. Its constants carry both roundings, (half + 0.5) * 2^L: it takes the
   * 0.5 * 2^L of the first one away again; L is 7 less the shift of first channels, and the shift of second ones less 1.
   */
  const singleRoundingIn = (layer: string): Plant => (file, text) => {
    if (file === 'tml_pixel_pair_dsp.h') {
      const macro = /#define TML_PIXEL_PAIR_SATURATING_DSP[\s\S]*?\n {2}\}\n/.exec(text)![0];
      const less = (shift: string): string => ` smmla \\\\r,\\\\r,r8,r9\\n ${shift}\\n mov r12,#1\\n lsl r12,r12,r11\\n sub \\\\r,\\\\r,r12\\n`;
      const [first, second] = ['rsb r11,r10,#6', 'sub r11,r10,#2'];
      let place = 0;
      const once = macro.replace('SATURATING', 'ONCE').replace(/ smmla \\\\r,\\\\r,r8,r9\\n/g, () => less(place++ === 0 ? first : second));
      return text.replace(/#endif\n$/, `${once}#endif\n`);
    }
    if (!file.endsWith('_int8.c')) return undefined;
    const [definition, total] = /TML_PIXEL_PAIR_SATURATING_DSP\(tml_pixel_pair_13, (\d+)\)\n/.exec(text)!;
    const params = new RegExp(`(${layer}_params = \\{[^}]*\\.multiply = )tml_pixel_pair_13`);
    return text.replace(definition, `${definition}TML_PIXEL_PAIR_ONCE_DSP(tml_pixel_pair_once, ${total})\n`).replace(params, '$1tml_pixel_pair_once');
  };

  for (const board of [host, m4, uno]) {
    it(`${board.name}: firmware of this model agrees in labels, bytes and every layer`, async function () {
      const report = await verify(this, await digits(board === uno ? 'digits-dense' : 'digits'), board, 12);
      assert.deepEqual([report.bytes, report.labels.boardAndHost], [{ equal: 12, of: 12 }, { equal: 12, of: 12 }]);
      assert.ok(report.labels.hostAndFloat && report.labels.hostAndFloat.of === 12);
      assert.equal(report.traced?.equal, report.layers.length);
      assert.ok(report.layers.length >= 2 && report.layers.every(({ differ, board: { ticks }, weightsEqual }) => differ === 0 && ticks > 0 && weightsEqual));
      assert.deepEqual([report.first, report.otherWeights, report.equal], [undefined, [], true]);
      assert.match(report.verdict, /^Board and host agree/);
    });

    it(`${board.name}: one changed weight is found in its layer, as certain`, async function () {
      const model = await digits(board === uno ? 'digits-dense' : 'digits');
      const clean = await verify(this, model, board, 1);
      const layer = clean.layers.findLast(({ weights, label }) => weights.bytes > 0 && !label.startsWith('Softmax'))!;
      const report = await verify(this, model, board, 12, changeWeight(`/* ${layer.index}: `));
      assert.equal(report.equal, false);
      assert.deepEqual(report.otherWeights, [layer.index]);
      assert.equal(report.first?.layer, layer.index);
      assert.equal(report.first.cause.kind, 'weights');
      assert.equal(report.first.cause.certainty, 'certain');
      // kernels for DSP instructions read words that hold weights of several channels
      const [channels, most] = [report.first.channels.length, board === m4 ? 4 : 1];
      assert.ok(report.first.differ > 0 && channels >= 1 && channels <= most, `${channels} output channels`);
      assert.match(report.verdict, new RegExp(`first differ at layer ${layer.index}, `));
    });
  }

  for (const board of [host, m4]) {
    it(`${board.name}: first layers in strips of rows, as tinyml.json asks for, agree in every layer, and one changed weight is found`, async function () {
      const model = await digits('digits');
      const project = path.join(folder, 'tinyml.json');
      const before = fs.existsSync(project) ? fs.readFileSync(project) : undefined;
      // Below what the plan without strips takes.
      const { arena } = await directEngine().request('inspect', { path: model, board: board.id });
      fs.writeFileSync(project, JSON.stringify({ models: { 'digits.onnx': { memory: { ramBudget: arena.bytes - 1, strips: 'auto' } } } }));
      try {
        const plan = (await directEngine().request('inspect', { path: model, board: board.id })).arena;
        assert.ok(plan.strips && plan.bytes < arena.bytes, JSON.stringify(plan.strips));
        const report = await verify(this, model, board, 12);
        assert.deepEqual([report.bytes, report.traced?.equal, report.otherWeights, report.equal], [{ equal: 12, of: 12 }, report.layers.length, [], true]);
        assert.ok(report.layers.filter(({ name }) => / rows /.test(name)).length >= 2 * plan.strips.count, report.layers.map(({ name }) => name).join());
        assert.equal((await directEngine().request('inspect', { path: model, board: board.id })).layers.length, report.layers.length);
        // The weights of all strips of a layer stand with the first of them.
        const planted = await verify(this, model, board, 12, changeWeight(`/* ${report.layers[0].index}: `));
        assert.deepEqual(planted.otherWeights, [0]);
      } finally {
        if (before) fs.writeFileSync(project, before);
        else fs.rmSync(project);
      }
    });
  }

  for (const board of boardsWithoutHardware.filter((one) => ![host, m4, uno].includes(one))) {
    it(`${board.name}: agrees in every layer`, async function () {
      const report = await verify(this, await digits('digits-dense'), board, 3);
      assert.deepEqual([report.bytes, report.traced?.equal, report.otherWeights], [{ equal: 3, of: 3 }, 3, []]);
    });
  }

  for (const board of [host, m3]) {
    it(`${board.name}: a kernel with the other rounding rule is found in its layer, and the rule named`, async function () {
      const model = keywords(this);
      const report = await verify(this, model, board, 20, (file, text) => {
        if (file !== 'mlperf_tiny_kws_dscnn_int8.c') return undefined;
        const params = [...text.matchAll(/\.roundings = 2/g)];
        const { index } = params[5];
        return `${text.slice(0, index)}.roundings = 1${text.slice(index + '.roundings = 2'.length)}`;
      });
      assert.equal(report.first?.layer, 5);
      assert.equal(report.first.cause.kind, 'rounding', report.first.cause.evidence);
      assert.equal(report.first.max, 1);
      assert.match(report.first.cause.evidence, /single rounding[\s\S]*double rounding/);
      assert.ok(report.first.cause.ruledOut.some((line) => line.startsWith('other weights')));
      assert.deepEqual(report.otherWeights, []);
      assert.ok(report.layers.slice(0, 5).every(({ differ }) => differ === 0));
    });
  }

  it(`${m4.name}: so is one in the instructions of a kernel that rounds once in place of twice`, async function () {
    const report = await verify(this, keywords(this), m4, 20, singleRoundingIn('conv2d_2_conv2d1'));
    assert.equal(report.first?.layer, 4);
    assert.equal(report.first.cause.kind, 'rounding', report.first.cause.evidence);
    assert.equal(report.first.max, 1);
    assert.match(report.first.cause.evidence, /single rounding[\s\S]*double rounding/);
    assert.deepEqual(report.otherWeights, []);
    assert.ok(report.layers.slice(0, 4).every(({ differ }) => differ === 0));
  });

  it('a model that keeps a state: every run before the one that is looked into is repeated', async function () {
    const name = 'mlperf_tiny_streaming_ww_int8.tflite';
    const model = path.join(folder, name);
    fs.copyFileSync(path.join(sharedFolder(this, 'models'), name), model);
    const [input] = (await directEngine().request('inspect', { path: model })).model.inputs;
    const { below } = random(5);
    const count = 12;
    const values = Float32Array.from({ length: count * elementCount(input.shape) }, () => (below(256) - 128 - input.zeroPoint!) * input.scale!);
    fs.writeFileSync(path.join(folder, 'mlperf_tiny_streaming_ww_int8.npz'), writeNpz({ x_test: { shape: [count, ...input.shape.slice(1)], data: values }, x_calibration: { shape: [count, ...input.shape.slice(1)], data: values } }));
    const clean = await verify(this, model, host, count);
    assert.deepEqual([clean.bytes, clean.traced?.equal], [{ equal: count, of: count }, clean.layers.length]);
    const layer = clean.layers.filter(({ weights }) => weights.bytes > 0)[1];
    const report = await verify(this, model, host, count, changeWeight(`/* ${layer.index}: `));
    assert.deepEqual(report.otherWeights, [layer.index]);
    assert.equal(report.first?.cause.kind, 'weights');
    assert.equal(report.first.layer, layer.index);
  });

  it('tinyml verify: exit status 0 where all agrees, 1 where anything differs, with the layer in its JSON', async function () {
    await toolsOrSkip(this, host);
    const model = await digits('digits');
    const compiler = faultyCompiler();
    const run = (before: string): { status: number | null; report: VerifyReport } => {
      const args = [programPath('cli'), 'verify', model, '--board', host.id, '--samples', '30', '--build-dir', temporaryFolder(), '--json'];
      const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, PATH: `${before}${process.env.PATH}` }, maxBuffer: 1 << 26 });
      return { status, report: JSON.parse(stdout) as VerifyReport };
    };
    const clean = run('');
    assert.deepEqual([clean.status, clean.report.schema, clean.report.equal], [0, 'tinyml-verify/1', true]);
    const faulty = run(`${compiler}${path.delimiter}`);
    assert.deepEqual([faulty.status, faulty.report.first?.layer, faulty.report.first?.cause.kind], [1, 2, 'weights']);
    fs.rmSync(compiler, { recursive: true });
  });

  it('a board that runs another model is told before anything is compared', async function () {
    const model = await digits('digits');
    await assert.rejects(
      verify(this, model, host, 1, (file, text) => (file === 'digits_int8.h' || file.endsWith('.h') ? text.replace(/MODEL_HASH 0x[0-9a-f]+u/, 'MODEL_HASH 0x12345678u') : undefined)),
      (error: { problem?: { code: string } }) => error.problem?.code === 'TINYML-CONNECT-WRONG-MODEL',
    );
  });
});
