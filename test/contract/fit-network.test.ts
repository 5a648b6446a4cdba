import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { chooseLook } from '../../src/app/compress/reduce/fit-network';
import type { PruneStep } from '../../src/app/compress/steps';
import { compressModel } from '../../src/app/compress-model';
import type { CompressReport, CompressRequest } from '../../src/app/engine-contract';
import { openModel } from '../../src/app/model-file';
import { CancelledError } from '../../src/base/cancel';
import { quietTask, type Task } from '../../src/base/progress';
import { AbortLike } from '../../src/base/rpc';
import { verifyGraph } from '../../src/engine/ir/verify';
import { npyFile } from '../support/data-files';
import { madeUpImage } from '../support/made-up-images';
import { modelFile, node, port, tensor } from '../support/onnx-builder';
import { root, temporaryFolder } from '../support/project';
import { Random } from '../support/random';
import { sharedFolder } from '../support/shared-folder';

describe('fitting a whole network after pruning', function () {
  this.timeout(400_000);
  let folder: string;
  before(() => (folder = temporaryFolder('fit-network')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const digits = (step: Partial<PruneStep>, out: string, request: Partial<CompressRequest> = {}, task: Task = quietTask): Promise<CompressReport> =>
    compressModel({ path: path.join(root, 'samples/digits/digits.onnx'), steps: [{ kind: 'prune', measure: 'macs', share: 0.5, ...step }], out: path.join(folder, out), ...request }, task);

  it('brings it nearer to the original than layers by themselves, and tells how far on samples held back', async () => {
    const report = await digits({}, 'network.onnx');
    const [{ network, trials }] = report.steps;
    assert.ok(network!.steps > 0 && network!.given!.after < network!.given!.before && network!.held!.after <= network!.held!.before * 1.05, JSON.stringify(network));
    const together = trials.find(({ step }) => step.startsWith('all layers fitted together'))!;
    const layered = trials.filter((trial) => trial !== together && trial.kept).at(-1)!;
    assert.ok(together.kept && together.divergence < layered.divergence, `${together.divergence} after ${layered.divergence}`);
    const { canonical } = await openModel(report.out, quietTask);
    assert.deepEqual(verifyGraph(canonical.graph), []);
  });

  it('is left out where that is asked for', async () => {
    const { steps: [step] } = await digits({ refit: 'layers' }, 'layers.onnx');
    assert.equal(step.network, undefined);
    assert.ok(step.trials.every((trial) => !trial.step.startsWith('all layers')));
  });

  it('can be cancelled, and leaves nothing behind', async () => {
    const abort = new AbortLike();
    const task: Task = { ...quietTask, signal: abort, progress: ({ stage }) => stage === 'Fitting the whole network' && abort.abort() };
    await assert.rejects(digits({}, 'cancelled.onnx', {}, task), CancelledError);
    assert.ok(!fs.existsSync(path.join(folder, 'cancelled.onnx')));
  });

  it('is not possible through every op: layers are fitted by themselves then, and the report says why', async () => {
    const random = new Random(3);
    const model = path.join(folder, 'elu.onnx');
    fs.writeFileSync(model, modelFile({
      nodes: [node('Gemm', ['x', 'w', 'v'], ['a'], { transB: 1 }), node('Elu', ['a'], ['b'], {}, { name: 'bend' }), node('Gemm', ['b', 'u'], ['y'], { transB: 1 })],
      inputs: [port('x', [1, 6])], outputs: [port('y', [1, 3])],
      initializers: [tensor('w', 'float32', [16, 6], random.reals(96)), tensor('v', 'float32', [16], random.reals(16)), tensor('u', 'float32', [3, 16], random.reals(48))],
    }));
    const data = path.join(folder, 'elu.npz');
    fs.writeFileSync(data, zipSync({ 'x_calibration.npy': npyFile([40, 6], random.reals(240)) }));
    const report = await compressModel({ path: model, data, steps: [{ kind: 'prune', measure: 'macs', share: 0.3 }], out: path.join(folder, 'elu.pruned.onnx') }, quietTask);
    const { network } = report.steps[0];
    assert.equal(network!.steps, 0);
    assert.match(network!.reason!, /Elu.*has no gradient/i);
    assert.ok(report.after.macs <= 0.7 * report.before.macs);
  });

  it('needs samples to hold back: with a handful layers are fitted by themselves, and the report says why', async () => {
    const { steps: [{ network }] } = await digits({}, 'few.onnx', { dataOptions: { calibrate: { from: 0, count: 6 } } });
    assert.deepEqual(network, { steps: 0, reason: 'there are too few samples to hold some back' });
  });

  it('ResNet-8 with 30 % fewer multiplications keeps its outputs on the images that it was fitted to', async function () {
    const model = path.join(sharedFolder(this, 'models'), 'mlperf_tiny_resnet8_float.onnx');
    const random = new Random(12345);
    const images = npyFile([32, 3, 32, 32], Array.from({ length: 32 }, () => madeUpImage(random, 32, 255, 5)).flat());
    const data = path.join(folder, 'images.npz');
    fs.writeFileSync(data, zipSync({ 'x_calibration.npy': images, 'x_test.npy': images }));
    // As a search of 20 seconds found them.
    const widths = { t22_pre: 14, t23_pre: 14, t26_pre: 24, t30_pre: 48, t31: 40 };
    const report = await compressModel({ path: model, data, steps: [{ kind: 'prune', measure: 'macs', importance: 'reconstruction', widths }], out: path.join(folder, 'resnet8.pruned.onnx'), timeLimitSeconds: 30 }, quietTask);
    const { given } = report.steps[0].network!;
    assert.ok(report.after.macs <= 0.7 * report.before.macs);
    assert.ok(given!.after < given!.before / 2, JSON.stringify(given));
    assert.ok(report.outputs!.meanCosine >= 0.95, `${report.outputs!.meanCosine}`);
  });

  it('takes, of all states as good as the best one on samples held back, the nearest on the given ones', () => {
    const look = (steps: number, held: number, given: number): { steps: number; held: number; given: number } => ({ steps, held, given });
    assert.equal(chooseLook([look(0, 1, 0.9), look(20, 0.8, 0.5), look(40, 0.83, 0.3), look(60, 0.9, 0.1)])!.steps, 40);
    assert.equal(chooseLook([look(0, 1, 0.9), look(20, 1.2, 0.1)])!.steps, 0);
    assert.equal(chooseLook([]), undefined);
  });
});
