import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { concatBytes } from '../../../src/base/bytes';
import { neverCancelled } from '../../../src/base/cancel';
import { quietTask } from '../../../src/base/progress';
import { compressModel } from '../../../src/app/compress-model';
import { loadDataset, sampleAt } from '../../../src/app/data/dataset';
import { directEngine } from '../../../src/app/engine-direct';
import { programOf } from '../../../src/app/generate-code';
import { inputOf, loadSamples } from '../../../src/app/load-samples';
import { openModel } from '../../../src/app/model-file';
import { OrtRunner } from '../../../src/app/runners/ort-client';
import { emitModel } from '../../../src/engine/codegen/emit';
import { Interpreter } from '../../../src/engine/verify/interpret';
import { realValues } from '../../../src/engine/ir/tensor';
import { programPath } from '../../../src/app/programs';
import { boards } from '../../../src/device/boards';
import { currentEnvironment } from '../../../src/device/toolchains/environment';
import { findTools } from '../../../src/device/toolchains/find-tools';
import { runOnBoard } from '../../../src/app/run-on-board';
import type { RunSummary } from '../../../src/app/run-contract';
import { HostModel, needHostCompiler } from '../../support/host-c';
import { needTool } from '../../support/need-tool';
import { root } from '../../support/project';

const sample = (file: string): string => path.join(root, 'samples', file);
const models = ['digits/digits.onnx', 'digits/digits-dense.onnx', 'gesture/gesture.onnx'];

/** Largest |a - b| relative to the largest |b|. */
function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let error = 0;
  let scale = 1e-30;
  for (let i = 0; i < b.length; i++) {
    error = Math.max(error, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(b[i]));
  }
  return error / scale;
}

describe('generated C of the samples', function () {
  this.timeout(300_000);
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-samples-'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const quantize = async (file: string): Promise<string> => {
    const out = path.join(folder, path.basename(file).replace('.onnx', '.int8.onnx'));
    if (!fs.existsSync(out)) await compressModel({ path: sample(file), quantize: 'int8', method: [], out }, quietTask);
    return out;
  };

  for (const file of models) {
    it(`${file}, float: within 1e-5 of onnxruntime on every test sample, under sanitizers`, async function () {
      const compiler = needHostCompiler(this);
      const open = await openModel(sample(file), quietTask);
      const { test } = await loadDataset(sample(`${path.dirname(file)}/${path.dirname(file)}.npz`));
      const host = new HostModel(emitModel(await programOf(open, 'c99'), 'model'), 1, 1, compiler);
      const runner = new OrtRunner(neverCancelled);
      try {
        const ort = await runner.load(open.bytes);
        const inputs = Array.from({ length: test.count }, (_, i) => Float32Array.from(sampleAt(test, i)));
        const out = host.run(concatBytes(inputs.map((values) => new Uint8Array(values.buffer))));
        const got = new Float32Array(out.slice().buffer);
        const classes = got.length / test.count;
        const shape = [1, ...test.sampleShape];
        for (let i = 0; i < test.count; i++) {
          const result = await ort.run({ [ort.inputs[0]]: { type: 'float32', shape, data: inputs[i] } });
          const want = result[ort.outputs[0]].data as Float32Array;
          const error = relativeError(got.subarray(i * classes, (i + 1) * classes), want);
          assert.ok(error <= 1e-5, `sample ${i}: relative error ${error}`);
        }
      } finally {
        runner.close();
        host.dispose();
      }
    });

    it(`${file}, int8: the reference interpreter's bits on every test sample, under sanitizers`, async function () {
      const compiler = needHostCompiler(this);
      const out = await quantize(file);
      const open = await openModel(out, quietTask);
      const { samples } = await loadSamples({ path: out, data: sample(`${path.dirname(file)}/${path.dirname(file)}.npz`) }, quietTask);
      const host = new HostModel(emitModel(await programOf(open, 'c99'), 'model'), 1, 1, compiler);
      try {
        const got = host.run(concatBytes(samples.map((s) => s.input)));
        const want = concatBytes(samples.map((s) => s.expected));
        assert.ok(samples.length >= 360);
        assert.deepEqual(Buffer.from(got), Buffer.from(want));
      } finally {
        host.dispose();
      }
    });

    it(`${file}, int8: within one step of onnxruntime, 99.9 % equal`, async function () {
      const out = await quantize(file);
      const open = await openModel(out, quietTask);
      const { test } = await loadDataset(sample(`${path.dirname(file)}/${path.dirname(file)}.npz`));
      const interpreter = new Interpreter(open.lowered);
      const runner = new OrtRunner(neverCancelled);
      let equal = 0;
      let total = 0;
      try {
        const ort = await runner.load(open.bytes);
        for (let i = 0; i < test.count; i++) {
          const values = sampleAt(test, i);
          const [output] = interpreter.run([inputOf(open.lowered, values)]);
          const result = await ort.run({ [ort.inputs[0]]: { type: 'float32', shape: [1, ...test.sampleShape], data: Float32Array.from(values) } });
          const want = result[ort.outputs[0]].data as Float32Array;
          const step = output.type.quantization!.scale[0];
          realValues(output).forEach((value, c) => {
            const steps = Math.round(Math.abs(value - want[c]) / step);
            assert.ok(steps <= 1, `sample ${i}, class ${c}: ${value} is ${steps} steps from ${want[c]}`);
            total++;
            if (steps === 0) equal++;
          });
        }
      } finally {
        runner.close();
      }
      assert.ok(equal / total >= 0.999, `${equal} of ${total} equal`);
    });
  }

  const runAll = async (model: string, data: string, boardId: string, limit?: number): Promise<RunSummary> => {
    // The data set is found beside the model.
    fs.copyFileSync(data, path.join(folder, `${path.basename(model).split('.')[0]}.npz`));
    const run = await runOnBoard(
      { path: model, boardId, limit },
      { engine: directEngine(), programs: { avrSimulator: programPath('avr-simulator'), rp2040Simulator: programPath('rp2040-simulator') }, buildRoot: path.join(folder, 'build'), env: process.env },
      quietTask,
      () => {},
    );
    return run.done;
  };

  it('digits int8 on a simulated Cortex-M4F: every test sample equals the host bit for bit', async function () {
    needTool(this, 'arm-none-eabi-gcc');
    needTool(this, 'qemu-system-arm');
    const summary = await runAll(await quantize('digits/digits.onnx'), sample('digits/digits.npz'), 'm4-sim');
    assert.equal(summary.samples, 360);
    assert.equal(summary.equal, 360);
  });

  it('digits float on a simulated Cortex-M4F: every test sample within 1e-5 of the host', async function () {
    needTool(this, 'arm-none-eabi-gcc');
    needTool(this, 'qemu-system-arm');
    const model = path.join(folder, 'digits.onnx');
    fs.copyFileSync(sample('digits/digits.onnx'), model);
    const summary = await runAll(model, sample('digits/digits.npz'), 'm4-sim');
    assert.equal(summary.samples, 360);
    assert.equal(summary.equal, 360);
  });

  it('digits with a third of its multiplications pruned, int8, on a simulated Cortex-M4F: labels equal the host\'s', async function () {
    needTool(this, 'arm-none-eabi-gcc');
    needTool(this, 'qemu-system-arm');
    const out = path.join(folder, 'digits.pruned.int8.onnx');
    const report = await compressModel({ path: sample('digits/digits.onnx'), out, replace: true, steps: [{ kind: 'prune', measure: 'macs', share: 0.3 }], quantize: 'int8', method: [] }, quietTask);
    assert.ok(report.after.macs <= 0.7 * report.before.macs);
    const summary = await runAll(out, sample('digits/digits.npz'), 'm4-sim');
    assert.equal(summary.samples, 360);
    assert.equal(summary.equal, 360);
  });

  it('digits in int8, then pruned, then clustered, on a simulated Cortex-M4F: labels equal the host\'s', async function () {
    needTool(this, 'arm-none-eabi-gcc');
    needTool(this, 'qemu-system-arm');
    const out = path.join(folder, 'digits.int8.pruned.clustered.onnx');
    const report = await compressModel({
      path: sample('digits/digits.onnx'), out, replace: true, quantize: 'int8', method: [], after: [{ kind: 'prune', measure: 'macs', share: 0.3 }, { kind: 'cluster', entries: 16 }],
    }, quietTask);
    assert.ok(report.after.macs <= 0.7 * report.before.macs);
    const summary = await runAll(out, sample('digits/digits.npz'), 'm4-sim');
    assert.equal(summary.samples, 360);
    assert.equal(summary.equal, 360);
  });

  for (const board of boards.filter((b) => b.kind === 'simulated')) {
    it(`digits-dense int8 on ${board.name}: every test sample equals the host bit for bit`, async function () {
      const { problems } = await findTools(board, currentEnvironment(), quietTask);
      if (problems.length) {
        console.log(`      skipped: ${problems[0].title}`);
        this.skip();
      }
      // cycle-exact simulators are slower than the chips: there a part of the samples will do
      const limit = board.connect.kind === 'rp2040-simulator' ? 60 : undefined;
      const summary = await runAll(await quantize('digits/digits-dense.onnx'), sample('digits/digits.npz'), board.id, limit);
      assert.equal(summary.samples, limit ?? 360);
      assert.equal(summary.equal, limit ?? 360);
    });
  }
});
