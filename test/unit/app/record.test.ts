import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadDataset } from '../../../src/app/data/dataset';
import { parseWav } from '../../../src/app/data/sound/wav';
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
    assert.deepEqual(recording, { label: 'up', names: ['x', 'y'], rows: 2, values: Float32Array.of(1, 2, 4, 5) });
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

  it('keeps the measurements of a sensor with their rate, in bounded memory', () => {
    const recorder = new FrameRecorder(200_000);
    recorder.start('yes');
    const chunk = Float32Array.from({ length: 512 }, (_, i) => i / 512);
    for (let i = 0; i < 300; i++) recorder.takeRows(['sound'], 16_000, chunk);
    assert.ok(!recorder.isFull);
    recorder.take('x:1'); // something else
    for (let i = 0; i < 300; i++) recorder.takeRows(['sound'], 16_000, chunk);
    assert.ok(recorder.isFull);
    const { rows, rateHz, values } = recorder.stop();
    assert.deepEqual([rows, rateHz, values.length], [200_000, 16_000, 200_000]);
    assert.ok(values.every((value, i) => value === (i % 512) / 512));
  });

  it('.wav: sound as it is read, one file or one for each sample in the folder of its label', async () => {
    const recorder = new FrameRecorder();
    const sound = (label: string, values: readonly number[], rateHz?: number): Recording => (recorder.start(label), recorder.takeRows(['sound'], rateHz, values), recorder.stop());
    const values = [0, 0.5, -1, 0.25, -0.25, 32767 / 32768, 0.125];
    const file = path.join(folder, 'one.wav');
    assert.equal(await saveSamples(file, samplesOf(sound('yes', values, 8000)), { append: false }), 1);
    assert.deepEqual(parseWav(fs.readFileSync(file)), { rateHz: 8000, data: Float32Array.from(values) });
    const words = path.join(folder, 'words');
    assert.equal(await saveSamples(words, samplesOf(sound('yes', values, 8000), 3), { append: false }), 2);
    await assert.rejects(saveSamples(words, samplesOf(sound('no', values, 8000), 3), { append: false }), code('TINYML-OUT-EXISTS'));
    assert.equal(await saveSamples(words, samplesOf(sound('no', values, 8000), 3), { append: true }), 4);
    assert.equal(await saveSamples(words, samplesOf(sound('yes', values, 8000), 3), { append: true }), 6);
    const { test } = await loadDataset(words, { classNames: ['no', 'yes'], whole: true });
    assert.deepEqual([test.count, [...test.labels!].sort(), test.sampleShape], [6, [0, 0, 1, 1, 1, 1], [3]]);
    assert.deepEqual(Array.from(test.values).slice(0, 6), [0, 0.5, -1, 0, 0.5, -1]);
    // counts that a sketch prints
    await saveSamples(path.join(folder, 'counts.wav'), samplesOf(sound('a', [0, 16384, -32768], 8000)), { append: false });
    assert.deepEqual([...parseWav(fs.readFileSync(path.join(folder, 'counts.wav'))).data], [0, 0.5, -1]);
  });

  it('what is no sound becomes no .wav', async () => {
    const file = path.join(folder, 'none.wav');
    await assert.rejects(saveSamples(file, samplesOf({ ...recorded('up', lines), rateHz: 100 }), { append: false }), code('TINYML-RECORD-SOUND'));
    await assert.rejects(saveSamples(file, samplesOf(recorded('up', ['1', '2'])), { append: false }), code('TINYML-RECORD-RATE'));
    await assert.rejects(saveSamples(file, samplesOf({ ...recorded('up', ['1.5', '2']), rateHz: 100 }), { append: false }), code('TINYML-RECORD-SCALE'));
    await assert.rejects(saveSamples(path.join(folder, 'bad'), samplesOf({ ...recorded('../up', ['1', '0']), rateHz: 100 }), { append: false }), code('TINYML-RECORD-LABEL'));
  });

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
