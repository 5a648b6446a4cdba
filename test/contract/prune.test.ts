import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { compressModel } from '../../src/app/compress-model';
import { inspectModel } from '../../src/app/inspect-model';
import { inputOf } from '../../src/app/load-samples';
import { openModel } from '../../src/app/model-file';
import type { CompressReport, CompressRequest } from '../../src/app/engine-contract';
import type { PruneStep } from '../../src/app/compress/steps';
import { CancelledError } from '../../src/base/cancel';
import { ProblemError } from '../../src/base/problem';
import { quietTask, type Task } from '../../src/base/progress';
import { AbortLike } from '../../src/base/rpc';
import { verifyGraph } from '../../src/engine/ir/verify';
import { Interpreter } from '../../src/engine/verify/interpret';
import { npyFile } from '../support/data-files';
import { sharedFolder } from '../support/shared-folder';
import { root, temporaryFolder } from '../support/project';

/** Frames in the recording, and numbers in each. */
const [FRAMES, FRAME] = [40, 640];

const sample = (file: string): string => path.join(root, 'samples', file);

describe('pruning', function () {
  this.timeout(240_000);
  let folder: string;
  before(() => (folder = temporaryFolder('prune')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const digits = (step: Omit<PruneStep, 'kind'>, request: Partial<CompressRequest> = {}, task: Task = quietTask): Promise<CompressReport> =>
    compressModel({ path: sample('digits/digits.onnx'), steps: [{ kind: 'prune', ...step }], out: path.join(folder, 'digits.pruned.onnx'), replace: true, ...request }, task);
  /** Images that nobody has sorted. */
  const unlabelled = (): string => {
    const data = path.join(folder, 'unlabelled.npz');
    fs.writeFileSync(data, zipSync({ 'x_calibration.npy': npyFile([16, 1, 8, 8], Array.from({ length: 1024 }, (_, i) => (i * 37 % 101) / 101)) }));
    return data;
  };
  const refused = (code: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === code;

  it('leaves a third of the multiplications out of digits, keeps its accuracy, and says where', async () => {
    const original = fs.readFileSync(sample('digits/digits.onnx'));
    const report = await digits({ measure: 'macs', share: 0.3 });
    assert.ok(report.after.macs <= report.before.macs * 0.7, `${report.after.macs}`);
    assert.ok(report.after.flashBytes < report.before.flashBytes && report.after.weightBytes < report.before.weightBytes);
    assert.ok(report.after.accuracy!.right >= report.before.accuracy!.right - 7, `${report.after.accuracy!.right} of ${report.before.accuracy!.right}`);
    const [step] = report.steps;
    assert.ok(step.places.some((place) => place.after < place.before) && step.trials.some((trial) => trial.kept));
    assert.equal(step.after, report.after.macs);
    const { canonical } = await openModel(report.out, quietTask);
    assert.deepEqual(verifyGraph(canonical.graph), []);
    assert.deepEqual(fs.readFileSync(sample('digits/digits.onnx')), original, 'the model itself is never touched');
  });

  it('reconstruction is what keeps it: the same target by magnitude alone loses more', async () => {
    const naive = await digits({ measure: 'macs', share: 0.5, importance: 'l1', refit: false });
    const fitted = await digits({ measure: 'macs', share: 0.5 });
    assert.ok(fitted.after.accuracy!.right > naive.after.accuracy!.right + 10, `${fitted.after.accuracy!.right} against ${naive.after.accuracy!.right}`);
  });

  it('meets targets of flash, RAM and time', async () => {
    const flash = await digits({ measure: 'flash', most: 12_000 });
    assert.ok(flash.after.flashBytes <= 12_000, `${flash.after.flashBytes}`);
    const ram = await digits({ measure: 'ram', share: 0.2 });
    assert.ok(ram.after.ramBytes <= ram.before.ramBytes * 0.8, `${ram.after.ramBytes} of ${ram.before.ramBytes}`);
    const time = await digits({ measure: 'time', share: 0.2 });
    assert.ok(time.steps[0].after <= time.steps[0].before * 0.8);
  });

  it('quantizes what is left in the same run', async () => {
    const report = await digits({ measure: 'macs', share: 0.3 }, { quantize: 'int8', method: [] });
    assert.equal(report.kind, 'int8');
    assert.ok(report.after.macs <= report.before.macs * 0.7 && report.after.weightBytes < report.before.weightBytes / 2);
    assert.ok(report.after.accuracy!.right >= report.before.accuracy!.right - 10, `${report.after.accuracy!.right}`);
  });

  it('ranks by the loss where samples have labels', async () => {
    const parts = unzipSync(fs.readFileSync(sample('digits/digits.npz')));
    const data = path.join(folder, 'labelled.npz');
    fs.writeFileSync(data, zipSync({ ...parts, 'x_calibration.npy': parts['x_train.npy'], 'y_calibration.npy': parts['y_train.npy'] }));
    const report = await digits({ measure: 'macs', share: 0.3, importance: 'loss' }, { data, dataOptions: { calibrate: { from: 0, count: 128 } } });
    assert.ok(report.steps[0].places.every((place) => place.rule === 'loss'));
    assert.ok(report.after.accuracy!.right >= report.before.accuracy!.right - 10, `${report.after.accuracy!.right}`);
  });

  it('narrows an int8 model as well as the float one, and leaves it int8', async () => {
    const coded = path.join(folder, 'digits.int8.onnx');
    const before = await compressModel({ path: sample('digits/digits.onnx'), quantize: 'int8', method: [], out: coded }, quietTask);
    const report = await digits({ measure: 'macs', share: 0.3 }, { path: coded, data: sample('digits/digits.npz') });
    assert.ok(report.after.macs <= report.before.macs * 0.7 && report.after.weightBytes < report.before.weightBytes);
    assert.ok(report.after.accuracy!.right >= before.after.accuracy!.right - 12, `${report.after.accuracy!.right} of ${before.after.accuracy!.right}`);
    const { canonical } = await openModel(report.out, quietTask);
    assert.ok(canonical.graph.nodes.filter(({ op }) => op === 'conv' || op === 'dense').every((node) => canonical.graph.values.get(node.outputs[0])!.type.dtype === 'int8'));
    const thinner = await compressModel({ path: coded, data: sample('digits/digits.npz'), steps: [{ kind: 'factorize', measure: 'flash', share: 0.05 }], out: path.join(folder, 'digits.int8.factorized.onnx') }, quietTask);
    assert.ok(thinner.after.flashBytes <= thinner.before.flashBytes * 0.95 && thinner.after.accuracy!.right >= before.after.accuracy!.right - 12, `${thinner.after.accuracy!.right}`);
  });

  it('counts time by the model of a chosen board, as the int8 C that it becomes', async () => {
    const report = await digits({ measure: 'time', share: 0.25 }, { board: 'm4-sim', quantize: 'int8', method: [] });
    const [step] = report.steps;
    assert.equal(step.unit, 'us');
    assert.ok(step.after <= step.before * 0.75 && step.before > 10, `${step.before} to ${step.after} us`);
    const timeOf = async (file: string): Promise<number> => (await inspectModel({ path: file, board: 'm4-sim' }, quietTask)).time!.us;
    // What the inspector shows of the file.
    assert.ok(Math.abs((await timeOf(report.out)) - step.after) <= 0.1 * step.after, `${await timeOf(report.out)} us, ${step.after} counted on`);
    await assert.rejects(digits({ measure: 'time', share: 0.25 }, { board: 'nothing-of-the-kind' }), (error) => error instanceof ProblemError);
  });

  it('an impossible target says the best that can be reached, and writes nothing', async () => {
    const out = path.join(folder, 'impossible.onnx');
    await assert.rejects(digits({ measure: 'macs', share: 0.999 }, { out }), (error) => {
      assert.ok(refused('TINYML-PRUNE-TARGET')(error));
      assert.match((error as ProblemError).problem.title, /23 MACs were asked for, [\d,]+ can be reached/);
      assert.match((error as ProblemError).problem.detail!, /Inputs, outputs and what only passes them on keep their size/);
      return true;
    });
    // More of a block than there is.
    await assert.rejects(digits({ measure: 'flash', most: 100, dropBlocks: true }, { out }), (error) => error instanceof ProblemError && /[\d,]+ can be reached/.test(error.problem.title));
    await assert.rejects(digits({ measure: 'macs', share: 0.3, importance: 'loss' }, { out, data: unlabelled() }), refused('TINYML-PRUNE-LABELS'));
    await assert.rejects(digits({ measure: 'macs', share: 0.3 }, { dataFree: { min: 0, max: 1 }, out }), refused('TINYML-PRUNE-DATA'));
    assert.ok(!fs.existsSync(out));
  });

  it('cancelling leaves nothing behind', async () => {
    const own = temporaryFolder('prune-cancel');
    const abort = new AbortLike();
    const task: Task = { ...quietTask, signal: abort, progress: ({ stage }) => stage === 'Reconstructing layers' && abort.abort() };
    await assert.rejects(digits({ measure: 'macs', share: 0.3 }, { out: path.join(own, 'x.onnx') }, task), CancelledError);
    assert.deepEqual(fs.readdirSync(own), []);
    fs.rmSync(own, { recursive: true });
  });

  it('factorizes the anomaly detector to half its flash; its reconstruction error rises by at most 10 % on frames it was not fitted to', async function () {
    const model = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_ad_autoencoder_float.onnx');
    const bytes = fs.readFileSync(path.join(sharedFolder(this, 'testdata', 'ad01'), 'normal_id_01_00000000_hist_librosa.bin'));
    const frames = Array.from({ length: FRAMES }, (_, i) => Array.from({ length: FRAME }, (_v, k) => bytes.readFloatLE((i * FRAME + k) * 4)));
    const half = (odd: number): number[][] => frames.filter((_, i) => i % 2 === odd);
    const data = path.join(folder, 'frames.npz');
    fs.writeFileSync(data, zipSync({ 'x_calibration.npy': npyFile([FRAMES / 2, FRAME], half(0).flat()), 'x_test.npy': npyFile([FRAMES / 2, FRAME], half(1).flat()) }));
    const report = await compressModel({ path: model, data, steps: [{ kind: 'factorize', measure: 'flash', share: 0.5 }], out: path.join(folder, 'ad.onnx'), timeLimitSeconds: 20 }, quietTask);
    assert.ok(report.after.flashBytes <= report.before.flashBytes / 2);
    const error = async (file: string): Promise<number> => {
      const { lowered } = await openModel(file, quietTask);
      const interpreter = new Interpreter(lowered);
      return half(1).reduce((sum, frame) => {
        const [output] = interpreter.run([inputOf(lowered, Float64Array.from(frame))]);
        return sum + frame.reduce((total, x, k) => total + (x - output.data[k]) ** 2, 0);
      }, 0);
    };
    const [before, after] = [await error(model), await error(report.out)];
    assert.ok(after <= before * 1.1, `${after} against ${before}`);
  });

  it('keyword spotting with 30 % fewer multiplications loses at most 2 points, without training and as a network', async function () {
    this.timeout(400_000); // two searches' worth of fitting
    const models = sharedFolder(this, 'models');
    const request = {
      path: path.join(models, 'mlperf_tiny_kws_dscnn_float.onnx'), data: sharedFolder(this, 'testdata', 'kws01'),
      dataOptions: { scale: 0.5847029089927673, zeroPoint: 83, calibrate: { from: 0, count: 100 }, test: { from: 100, count: 500 } }, timeLimitSeconds: 30,
    };
    const layers = await compressModel({ ...request, steps: [{ kind: 'prune', measure: 'macs', share: 0.3, refit: 'layers' }], out: path.join(folder, 'kws.onnx') }, quietTask);
    const widths = Object.fromEntries(layers.steps[0].places.filter(({ before, after }) => after < before).map(({ name, after }) => [name, after]));
    const network = await compressModel({ ...request, steps: [{ kind: 'prune', measure: 'macs', widths }], out: path.join(folder, 'kws.network.onnx') }, quietTask);
    for (const report of [layers, network]) {
      assert.equal(report.before.accuracy!.right, 445);
      assert.ok(report.after.macs <= 0.7 * report.before.macs);
      assert.ok(report.after.accuracy!.right >= 435, `${report.after.accuracy!.right}`);
    }
    assert.equal(layers.steps[0].network, undefined);
  });
});
