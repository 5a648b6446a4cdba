import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { CancelledError } from '../../../../src/base/cancel';
import { ProblemError } from '../../../../src/base/problem';
import { quietTask, type Progress } from '../../../../src/base/progress';
import { AbortLike } from '../../../../src/base/rpc';
import { checkVaries, fitted, loadDataset, sampleAt, type DataOptions } from '../../../../src/app/data/dataset';
import { bmpFile, npyFile, wavFile } from '../../../support/data-files';
import { temporaryFolder } from '../../../support/project';

describe('data sets', () => {
  let folder: string;
  beforeEach(() => (folder = temporaryFolder('data')));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, content: Uint8Array | string): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  };
  const refused = async (file: string, pattern: RegExp, options: DataOptions = {}, code = 'TINYML-DATA'): Promise<void> => {
    const error = await loadDataset(file, options).then(() => assert.fail('expected a refusal'), (thrown: unknown) => thrown);
    assert.ok(error instanceof ProblemError, String(error));
    assert.equal(error.problem.code, code);
    assert.match(error.problem.detail ?? '', pattern);
  };
  const firsts = (samples: { count: number; sampleShape: readonly number[]; values: ArrayLike<number> }): number[] =>
    Array.from({ length: samples.count }, (_, i) => sampleAt(samples, i)[0]);

  it('.npz with named parts, validation among them', async () => {
    const file = write('a.npz', zipSync({
      'x_calibration.npy': npyFile([2, 3], [1, 2, 3, 4, 5, 6]), 'x_validation.npy': npyFile([1, 3], [7, 8, 9]), 'y_validation.npy': npyFile([1], [2], '<i4'),
      'x_test.npy': npyFile([1, 3], [7, 8, 10]), 'y_test.npy': npyFile([1], [1], '<i4'),
    }));
    const data = await loadDataset(file);
    assert.deepEqual(firsts(data.calibration), [1, 4]);
    assert.deepEqual([data.validation?.labels, data.test.labels], [[2], [1]]);
  });

  it('.npy and ranges: calibrate, validate and test by position; by default a fifth calibrates and the rest is tested', async () => {
    const file = write('a.npy', npyFile([10, 2], Array.from({ length: 20 }, (_, i) => i)));
    const data = await loadDataset(file, { calibrate: { from: 0, count: 3 }, validate: { from: 3, count: 2 }, test: { from: 5, count: 5 } });
    assert.deepEqual([firsts(data.calibration), firsts(data.validation!), firsts(data.test)], [[0, 2, 4], [6, 8], [10, 12, 14, 16, 18]]);
    const split = await loadDataset(file);
    assert.deepEqual([firsts(split.calibration), firsts(split.test)], [[0, 10], [2, 4, 6, 8, 12, 14, 16, 18]]);
    const rest = await loadDataset(file, { calibrate: { from: 0, count: 4 } });
    assert.deepEqual(firsts(rest.test), [8, 10, 12, 14, 16, 18]);
    await refused(file, /test samples 8 to 12 were asked for; the data set has 10/, { test: { from: 8, count: 5 } });
  });

  it('.csv with and without header, label by name, number, last or usual name', async () => {
    const named = write('a.csv', 'ax,ay,label\n0.5,1,1\n-2,3e-1,0\n');
    assert.deepEqual((await loadDataset(named, { test: { from: 0, count: 2 } })).test, { count: 2, sampleShape: [2], values: Float32Array.of(0.5, 1, -2, 0.3), labels: [1, 0] });
    const bare = write('b.csv', '"1";2;5\n2;4;6\n');
    assert.equal((await loadDataset(bare)).test.labels, undefined);
    assert.deepEqual((await loadDataset(bare, { labelColumn: 'last', test: { from: 0, count: 2 } })).test.labels, [5, 6]);
    assert.deepEqual((await loadDataset(bare, { labelColumn: '0', test: { from: 0, count: 2 } })).test.labels, [1, 2]);
    assert.deepEqual((await loadDataset(write('c.csv', 'kind,v\nshake,1\nidle,2\n'), { labelColumn: 'kind', classNames: ['idle', 'shake'], test: { from: 0, count: 2 } })).test.labels, [1, 0]);
    await refused(named, /no column "speed"; it has ax, ay, label/, { labelColumn: 'speed' });
  });

  it('a folder of .bin with y_labels.csv, in the stated scale and zero point', async () => {
    write('k/one.bin', Uint8Array.from([0x80, 0x7f]));
    write('k/two.bin', Uint8Array.from([83, 0]));
    write('k/y_labels.csv', 'one.bin,12,7\ntwo.bin,12,11\n');
    const data = await loadDataset(path.join(folder, 'k'), { scale: 0.5, zeroPoint: 83, test: { from: 0, count: 2 } });
    assert.deepEqual(data.test, { count: 2, sampleShape: [2], values: Float32Array.of(-105.5, 22, 0, -41.5), labels: [7, 11] });
    await refused(path.join(folder, 'k'), /scale and zero point must be stated/);
    await refused(path.join(folder, 'k'), /scale of -1 was stated/, { scale: -1, zeroPoint: 0 });
    write('k/two.bin', Uint8Array.from([83]));
    await refused(path.join(folder, 'k'), /two\.bin is 1, one\.bin 2; samples must have one size/, { scale: 1, zeroPoint: 0 });
    write('k/y_labels.csv', 'one.bin,12,12\n');
    await refused(path.join(folder, 'k'), /one\.bin has label 12 of 12 classes/, { scale: 1, zeroPoint: 0 });
    write('k/y_labels.csv', 'gone.bin,12,1\n');
    await refused(path.join(folder, 'k'), /gone\.bin is named in y_labels\.csv but cannot be read/, { scale: 1, zeroPoint: 0 });
  });

  it('a folder for each label: sound, images and arrays, labels taking turns', async () => {
    write('w/no/a.wav', wavFile([0, 16384, -32768]));
    write('w/no/b.wav', wavFile([1, 2, 3]));
    write('w/yes/a.wav', wavFile([32767, 0, 0]));
    const sound = await loadDataset(path.join(folder, 'w'), { classNames: ['yes', 'no'], test: { from: 0, count: 3 } });
    assert.deepEqual(sound.test.labels, [1, 0, 1]);
    assert.deepEqual(Array.from(sampleAt(sound.test, 0)), [0, 0.5, -1]);
    write('i/0/a.bmp', bmpFile(2, 2, [[10, 20, 30], [40, 50, 60], [70, 80, 90], [1, 2, 3]]));
    write('i/1/a.bmp', bmpFile(2, 2, [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]));
    const images = await loadDataset(path.join(folder, 'i'), { test: { from: 0, count: 2 }, calibrate: { from: 0, count: 2 } });
    assert.deepEqual([images.test.sampleShape, images.test.labels, Array.from(sampleAt(images.test, 0)).slice(0, 6)], [[2, 2, 3], [0, 1], [10, 20, 30, 40, 50, 60]]);
    const turned = fitted(images, [1, 3, 2, 2], 'image');
    assert.deepEqual(Array.from(sampleAt(turned.test, 0)), [10, 40, 70, 1, 20, 50, 80, 2, 30, 60, 90, 3]);
    write('w/yes/c.wav', wavFile([1]));
    await refused(path.join(folder, 'w'), /yes.c\.wav is 1, no.a\.wav 3; samples must have one size/);
    await refused(path.join(folder, 'w'), /"no" is no class: expected up, down/, { classNames: ['up', 'down'] });
    write('w/yes/c.wav', 'no sound');
    await refused(path.join(folder, 'w'), /no RIFF WAVE/);
  });

  it('refuses what cannot be used, with the reason and what was expected', async () => {
    await refused(write('nan.npy', npyFile([2, 2], [1, 2, NaN, 4])), /NaN in sample 1/);
    await refused(write('empty.npy', npyFile([0, 2], [])), /empty/);
    await refused(write('nan.csv', '1,2\nnan,4\n'), /NaN in sample 1/);
    await refused(write('word.csv', '1,2\n3,four\n'), /Line 2 has "four" in column 1; expected a number/);
    await refused(write('ragged.csv', '1,2\n3\n'), /Line 2 has 1 fields, the first has 2/);
    await refused(write('none.csv', 'a,b\n'), /no samples; expected a line of numbers/);
    await refused(write('label.csv', 'v,label\n1,-1\n'), /label of sample 0 .*is -1; labels are class indices from 0/);
    await refused(write('cut.npy', npyFile([2, 2], [1, 2, 3, 4]).subarray(0, 80)), /2×2 f4 needs 16/);
    await refused(write('x.txt', 'x'), /expected \.npz, \.npy, \.csv/);
    await refused(write('empty/readme.txt', 'x').replace(/.readme\.txt$/, ''), /neither y_labels\.csv, nor a folder for each label, nor \.npy, \.wav, \.png/);
    await refused(path.join(folder, 'gone.npz'), /ENOENT/, {}, 'TINYML-FILE-MISSING');
  });

  it('refuses arrays that are no samples: labels of another count, types without numbers, parts that are missing', async () => {
    const x = npyFile([2, 3], [1, 2, 3, 4, 5, 6]);
    const npz = (name: string, arrays: Record<string, Uint8Array>): string => write(name, zipSync(arrays));
    await refused(npz('count.npz', { 'x.npy': x, 'y.npy': npyFile([3], [0, 1, 1], '<i4') }), /y has shape 3, expected 2 class indices, one for each of x/);
    await refused(npz('shape.npz', { 'x.npy': x, 'y.npy': npyFile([2, 2], [0, 1, 1, 0], '<i4') }), /y has shape 2×2, expected 2 class indices/);
    await refused(npz('label.npz', { 'x.npy': x, 'y.npy': npyFile([2], [0.5, 1]) }), /label of sample 0 .*is 0\.5; labels are class indices/);
    await refused(npz('names.npz', { 'images.npy': x, 'labels.npy': npyFile([2], [0, 1], '<i4') }), /holds images, labels; expected x_calibration, x_test and y_test/);
    await refused(write('torn.npz', zipSync({ 'x.npy': x }).subarray(0, 60)), /cannot be unpacked/);
    const typed = (descr: string): Uint8Array => Buffer.from(Buffer.from(x).toString('latin1').replace('<f4', descr), 'latin1');
    for (const descr of ['<c8', '>f4', '<M8', '<U5', '|O8']) await refused(write(`type${descr.charCodeAt(1)}.npy`, typed(descr)), /not read|not understood/);
    await refused(write('infinite.npy', npyFile([1, 2], [1, Infinity])), /holds Infinity in sample 0/);
    await refused(write('words.csv', 'sensor log\nof today\n'), /no samples|expected a number/);
  });

  it('a folder that is read can be left: nothing more is opened', async () => {
    for (let i = 0; i < 40; i++) write(`many/${String(i).padStart(2, '0')}.wav`, wavFile([i, 2, 3]));
    const signal = new AbortLike();
    const seen: (number | undefined)[] = [];
    const progress = ({ stage, done, total }: Progress): void => {
      assert.deepEqual([stage, total], ['Reading samples', 40]);
      seen.push(done);
      if (done === 16) signal.abort();
    };
    await assert.rejects(loadDataset(path.join(folder, 'many'), {}, { ...quietTask, signal, progress }), CancelledError);
    assert.deepEqual(seen, [0, 8, 16]);
  });

  it('refuses what does not fit the model: shape, labels, and inputs that never differ', async () => {
    const data = await loadDataset(write('a.csv', 'a,b,label\n1,2,3\n2,3,0\n'), { calibrate: { from: 0, count: 2 }, test: { from: 0, count: 2 } });
    const problem = (work: () => void): string => {
      try {
        work();
      } catch (error) {
        assert.ok(error instanceof ProblemError);
        return error.problem.detail!;
      }
      return assert.fail('expected a refusal');
    };
    assert.match(problem(() => fitted(data, [1, 3], 'x')), /samples are 2; the model's input x is 1×3/);
    assert.match(problem(() => fitted(data, [1, 2], 'x', 3)), /label of calibration sample 0 is 3; the model has 3 classes/);
    assert.equal(fitted(data, [1, 2], 'x', 4).test.count, 2);
    assert.match(problem(() => checkVaries({ count: 1, sampleShape: [3], values: [4, 4, 4] }, 'p')), /only calibration sample holds nothing but 4/);
    checkVaries({ count: 1, sampleShape: [3], values: [4, 4, 5] }, 'p');
  });
});
