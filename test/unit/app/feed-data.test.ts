import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../../src/app/data/dataset';
import { writeNpz } from '../../../src/app/data/write-npz';
import { extendData } from '../../../src/app/extend-data';
import { ProblemError } from '../../../src/base/problem';
import { quietTask } from '../../../src/base/progress';
import { wavFile } from '../../support/data-files';

const code = (expected: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === expected;

describe('what is fed to a board', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-feed-'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('sound is cut into samples of the model\'s input', async () => {
    const file = path.join(folder, 'a.wav');
    fs.writeFileSync(file, wavFile(Array.from({ length: 10 }, (_, i) => i * 1000)));
    const { test } = await loadDataset(file, { inputShape: [1, 4], whole: true });
    assert.deepEqual([test.count, test.sampleShape, test.labels], [2, [4], undefined]);
    assert.deepEqual(Array.from(test.values, (value) => Math.round(value * 32768)), [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    assert.equal((await loadDataset(file, { inputShape: [1, 10], whole: true })).test.count, 1);
    await assert.rejects(loadDataset(file, { inputShape: [1, 11], whole: true }), code('TINYML-DATA'));
  });

  it('every sample of an undivided file is fed, a fifth of it kept for calibration otherwise', async () => {
    const file = path.join(folder, 'all.npz');
    fs.writeFileSync(file, writeNpz({ x: { shape: [10, 2], data: Float32Array.from({ length: 20 }, (_, i) => i) }, y: { shape: [10], data: Int32Array.from({ length: 10 }, (_, i) => i % 2) } }));
    assert.equal((await loadDataset(file, { whole: true })).test.count, 10);
    assert.equal((await loadDataset(file)).test.count, 8);
  });

  it('samples that were read wrong join the calibration data of a new file, and are tested no more', async () => {
    const data = path.join(folder, 'm.npz');
    fs.writeFileSync(data, writeNpz({
      x_calibration: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }, y_calibration: { shape: [2], data: Int32Array.of(0, 1) },
      x_test: { shape: [3, 2], data: Float32Array.of(5, 6, 7, 8, 9, 10) }, y_test: { shape: [3], data: Int32Array.of(1, 0, 1) },
    }));
    const before = fs.readFileSync(data);
    const request = { path: path.join(folder, 'm.int8.onnx'), samples: [1, 1, 99, -1] };
    const report = await extendData(request, quietTask);
    assert.deepEqual(report, { path: path.join(folder, 'm.extended.npz'), added: 1, calibration: 3, test: 2 });
    const { calibration, test } = await loadDataset(report.path);
    assert.deepEqual([Array.from(calibration.values), calibration.labels], [[1, 2, 3, 4, 7, 8], [0, 1, 0]]);
    assert.deepEqual([Array.from(test.values), test.labels], [[5, 6, 9, 10], [1, 1]]);
    assert.deepEqual(fs.readFileSync(data), before);
    assert.equal((await extendData(request, quietTask)).path, path.join(folder, 'm.extended-2.npz'), 'nothing is overwritten');
    await assert.rejects(extendData({ ...request, samples: [0, 1, 2] }, quietTask), code('TINYML-NO-SAMPLES'));
    await assert.rejects(extendData({ ...request, samples: [] }, quietTask), code('TINYML-NO-SAMPLES'));
  });
});
