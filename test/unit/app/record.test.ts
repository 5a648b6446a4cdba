import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../../src/app/data/dataset';
import { FrameRecorder, samplesOf, type Recording } from '../../../src/app/record/frame-recorder';
import { saveSamples } from '../../../src/app/record/save-samples';
import { ProblemError } from '../../../src/base/problem';

const code = (expected: string) => (error: unknown): boolean => error instanceof ProblemError && error.problem.code === expected;

function recorded(label: string, lines: readonly string[]): Recording {
  const recorder = new FrameRecorder();
  recorder.take('x:9,y:9'); // before it began
  recorder.start(label);
  lines.forEach((line) => recorder.take(line));
  return recorder.stop();
}
const lines = Array.from({ length: 7 }, (_, i) => `x:${i},y:${-i}`);

describe('recording what a board prints', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tml-record-'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('takes rows of the same series, and nothing else', () => {
    const recording = recorded('up', ['ready', 'x:1,y:2', 'z:5', 'x:3', 'x:4,y:5']);
    assert.deepEqual(recording, { label: 'up', names: ['x', 'y'], rows: [[1, 2], [4, 5]] });
    assert.throws(() => recorded('up', ['nothing']), code('TINYML-RECORD-NOTHING'));
  });

  it('is cut into samples of the model\'s input', () => {
    const samples = samplesOf(recorded('up', lines), 6);
    assert.deepEqual([samples.rows, samples.columns, samples.labels], [3, 2, ['up', 'up']]);
    assert.deepEqual(Array.from(samples.values, (value) => value + 0), [0, 0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5]);
    assert.equal(samplesOf(recorded('up', lines)).rows, 7);
    assert.throws(() => samplesOf(recorded('up', lines), 5), code('TINYML-RECORD-SIZE'));
    assert.throws(() => samplesOf(recorded('up', lines), 16), code('TINYML-RECORD-SHORT'));
  });

  for (const ending of ['csv', 'npz']) {
    it(`.${ending}: what is written is read as a data set, and more can be added`, async () => {
      const file = path.join(folder, `moves.${ending}`);
      const classNames = ['down', 'up'];
      assert.equal(await saveSamples(file, samplesOf(recorded('up', lines), 6), { append: false, classNames }), 2);
      await assert.rejects(saveSamples(file, samplesOf(recorded('down', lines), 6), { append: false, classNames }), code('TINYML-OUT-EXISTS'));
      assert.equal(await saveSamples(file, samplesOf(recorded('down', lines), 6), { append: true, classNames }), 4);
      await assert.rejects(saveSamples(file, samplesOf(recorded('down', lines), 4), { append: true, classNames }), code('TINYML-RECORD-SHAPE'));
      const { test } = await loadDataset(file, { classNames, whole: true });
      assert.equal(test.count, 4);
      assert.deepEqual(test.labels, [1, 1, 0, 0]);
      assert.deepEqual(Array.from(test.values).slice(0, 6).map((value) => value + 0), [0, 0, 1, -1, 2, -2]);
    });
  }

  it('a label that would tear a table apart is refused', async () => {
    await assert.rejects(saveSamples(path.join(folder, 'torn.csv'), samplesOf(recorded('up, fast', lines), 6), { append: false }), code('TINYML-RECORD-LABEL'));
  });

  it('a .npz holds classes that are known, and numpy reads it', async function () {
    const file = path.join(folder, 'known.npz');
    await assert.rejects(saveSamples(file, samplesOf(recorded('sideways', lines), 6), { append: false, classNames: ['up'] }), code('TINYML-RECORD-CLASS'));
    await saveSamples(file, samplesOf(recorded('3', lines), 6), { append: false });
    const script = 'import numpy,sys; d=numpy.load(sys.argv[1]); print(d["x"].shape, d["x"].dtype, d["y"].tolist(), d["x"][1].tolist())';
    try {
      execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    } catch {
      console.log('      skipped: there is no Python with numpy');
      this.skip();
    }
    assert.equal(execFileSync('python3', ['-c', script, file]).toString().trim(), '(2, 3, 2) float32 [3, 3] [[3.0, -3.0], [4.0, -4.0], [5.0, -5.0]]');
  });
});
