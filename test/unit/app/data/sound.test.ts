import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../../../../src/base/problem';
import { fitted, loadDataset, sampleAt, type DataOptions } from '../../../../src/app/data/dataset';
import { readSampleFile } from '../../../../src/app/data/sample-files';
import { featuresOf } from '../../../../src/app/data/sound/front-end';
import { FrontEndError, parseFrontEnd } from '../../../../src/app/data/sound/front-end-options';
import { resampled } from '../../../../src/app/data/sound/resample';
import { wavFile } from '../../../support/data-files';
import { root, temporaryFolder } from '../../../support/project';

interface Reference {
  readonly features: readonly { readonly frontEnd: string; readonly shape: readonly number[]; readonly values: readonly (readonly [number, number, number])[] }[];
}
const reference = JSON.parse(fs.readFileSync(path.join(root, 'test/unit/app/data/reference.json'), 'utf8')) as Reference;
const RATE_HZ = 16000;

/** The sound that reference.py makes. */
const signal = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => 0.6 * Math.sin((2 * Math.PI * (200 + 0.02 * i) * i) / RATE_HZ) + 0.2 * (((i * 7919) % 1000) / 500 - 1));

const pcm = (sound: ArrayLike<number>): number[] => Array.from(sound, (x) => Math.round(x * 32767));

describe('sound', () => {
  let folder: string;
  before(() => (folder = temporaryFolder('sound')));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, content: Uint8Array): string => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  };
  const detail = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(() => assert.fail('expected a refusal'), (thrown: unknown) => thrown);
    assert.ok(error instanceof ProblemError && error.problem.code === 'TINYML-DATA', String(error));
    return error.problem.detail!;
  };

  for (const { frontEnd, shape, values } of reference.features) {
    it(`${frontEnd}: the numbers of ${frontEnd.includes('librosa') || frontEnd.includes('ad') ? 'librosa' : 'TensorFlow\'s formulas'}`, () => {
      const { rows, columns, data } = featuresOf(signal(RATE_HZ), parseFrontEnd(frontEnd));
      assert.deepEqual([rows, columns], shape);
      for (const [row, column, value] of values) assert.ok(Math.abs(data[row * columns + column] - value) < 2e-3 * Math.max(1, Math.abs(value)), `[${row}, ${column}]: ${data[row * columns + column]}, expected ${value}`);
    });
  }

  it('front ends are named with options; what does not make sense is refused by name', () => {
    assert.deepEqual([parseFrontEnd('mfcc, coefficients=7,window=none').coefficients, parseFrontEnd('mfcc,window=none').window], [7, 'none']);
    for (const [text, why] of [
      ['mel', /no front end "mel"; known are log-mel, mfcc, mlperf-kws, mlperf-ad/], ['mfcc,hop=3', /has no "hop"; it has rateHz/], ['mfcc,window=kaiser', /one of hann, hamming, none/],
      ['mfcc,windowMs=-1', /positive number, not "-1"/], ['mfcc,highHz=9000', /do not lie below half of 16000/], ['mfcc,coefficients=50', /50 coefficients of 40 bands/], ['mfcc,peak=1', /true or false/],
    ] as const) assert.throws(() => parseFrontEnd(text), (error: unknown) => error instanceof FrontEndError && why.test(error.message), text);
  });

  it('another rate: tones stay, what the new rate cannot hold goes', () => {
    const tone = (hz: number, rate: number, count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));
    for (const [from, to] of [[44100, 16000], [8000, 16000], [48000, 16000]]) {
      const made = resampled(tone(1000, from, from / 4), from, to);
      assert.equal(made.length, to / 4);
      const wanted = tone(1000, to, made.length);
      for (let i = 100; i < made.length - 100; i++) assert.ok(Math.abs(made[i] - wanted[i]) < 0.005, `${from} to ${to}, ${i}: ${made[i]}, ${wanted[i]}`);
    }
    const high = resampled(tone(12000, 48000, 12000), 48000, 16000);
    for (let i = 100; i < high.length - 100; i++) assert.ok(Math.abs(high[i]) < 0.01, String(high[i]));
  });

  it('a folder for each word becomes samples of the model: rate, length and features as they were stated', async () => {
    const kws: DataOptions = { inputShape: [1, 49, 10, 1], frontEnd: 'mlperf-kws', padOrCut: true, resample: true, whole: true };
    write('words/no/long.wav', wavFile(pcm(signal(RATE_HZ * 2))));
    write('words/yes/short.wav', wavFile(pcm(signal(9000))));
    write('words/yes/slow.wav', wavFile(pcm(signal(8000)), 8000));
    const data = fitted(await loadDataset(path.join(folder, 'words'), { ...kws, classNames: ['yes', 'no'] }), [1, 49, 10, 1], 'mfcc', 2);
    assert.deepEqual([data.test.count, data.test.sampleShape, data.test.labels], [3, [49, 10], [1, 0, 0]]);
    const wanted = featuresOf(signal(RATE_HZ), parseFrontEnd('mlperf-kws,peak=false'));
    const plain = await readSampleFile(path.join(folder, 'words/no/long.wav'), { ...kws, frontEnd: 'mlperf-kws,peak=false' });
    for (let i = 0; i < 490; i++) assert.ok(Math.abs(plain.data[i] - wanted.data[i]) < 0.05, `${i}: ${plain.data[i]}, ${wanted.data[i]}`);
    const scaled = await loadDataset(path.join(folder, 'words'), { ...kws, classNames: ['yes', 'no'], scale: 0.5, zeroPoint: 2 });
    assert.equal(sampleAt(scaled.test, 0)[7], Math.fround((sampleAt(data.test, 0)[7] - 2) * 0.5));
  });

  it('one long file is cut into samples of features, as it is of sound', async () => {
    const file = write('long.wav', wavFile(pcm(signal(RATE_HZ * 3))));
    const { test } = await loadDataset(file, { inputShape: [1, 49, 10, 1], frontEnd: 'mlperf-kws', whole: true });
    assert.deepEqual([test.count, test.sampleShape], [3, [49, 10]]);
    const short = write('short.wav', wavFile(pcm(signal(4000))));
    assert.match(await detail(loadDataset(short, { inputShape: [1, 49, 10, 1], frontEnd: 'mlperf-kws', whole: true })), /holds 120 numbers of features; the model takes 490 at once/);
    assert.equal((await loadDataset(short, { inputShape: [1, 49, 10, 1], frontEnd: 'mlperf-kws', whole: true, padOrCut: true })).test.count, 1);
  });

  it('refuses rates that no sound has', async () => {
    assert.match(await detail(readSampleFile(write('none.wav', wavFile(pcm(signal(100)), 0)), {})), /0 samples a second/);
    const slow = write('slow.wav', wavFile(pcm(signal(10_000)), 1));
    assert.match(await detail(readSampleFile(slow, { rate: RATE_HZ, resample: true })), /it would have 160000000, of which 67108864 are taken at most/);
  });

  it('refuses other rates, other lengths, torn files and front ends that do not fit, and says what was expected', async () => {
    const slow = write('bad/slow.wav', wavFile([1, 2, 3, 4], 8000));
    assert.match(await detail(readSampleFile(slow, { rate: 16000 })), /slow\.wav cannot be used: it has 8000 samples a second, the model takes 16000: let it be converted \(--resample\)/);
    write('bad/usual.wav', wavFile([1, 2, 3, 4]));
    assert.match(await detail(loadDataset(path.join(folder, 'bad'))), /usual\.wav has 16000 samples a second, slow\.wav 8000/);
    write('long/a.wav', wavFile([1, 2, 3, 4]));
    write('long/b.wav', wavFile([1, 2, 3]));
    assert.match(await detail(loadDataset(path.join(folder, 'long'))), /b\.wav is 3, a\.wav 4; samples must have one size\. Sound can be given one: --pad-or-cut/);
    assert.equal((await loadDataset(path.join(folder, 'long'), { inputShape: [1, 4], padOrCut: true, whole: true })).test.count, 2);
    const torn = wavFile([1, 2, 3, 4]).subarray(0, 48);
    assert.match(await detail(readSampleFile(write('torn.wav', torn), {})), /cut off: 8 bytes of sound were promised, 4 are there/);
    const file = path.join(folder, 'long/a.wav');
    assert.match(await detail(readSampleFile(file, { frontEnd: 'mfcc' })), /lasts 0\.3 ms, less than one window of 30 ms/);
    assert.match(await detail(readSampleFile(file, { frontEnd: 'mfcc', inputShape: [1, 49, 10], padOrCut: true })), /490 numbers, which are no rows of the front end's 13/);
    assert.match(await detail(readSampleFile(file, { frontEnd: 'gammatone' })), /no front end "gammatone"/);
  });

  it('a float file in the extensible form is read as such', async () => {
    const plain = wavFile([0, 0, 0, 0]);
    const file = Buffer.alloc(12 + 8 + 40 + 8 + 8);
    file.set(plain.subarray(0, 12));
    file.write('fmt ', 12, 'latin1');
    file.writeUInt32LE(40, 16);
    file.writeUInt16LE(0xfffe, 20);
    file.writeUInt16LE(1, 22);
    file.writeUInt32LE(RATE_HZ, 24);
    file.writeUInt16LE(32, 34);
    file.writeUInt16LE(3, 44);
    file.write('data', 60, 'latin1');
    file.writeUInt32LE(8, 64);
    file.writeFloatLE(0.25, 68);
    file.writeFloatLE(-1, 72);
    assert.deepEqual(Array.from((await readSampleFile(write('float.wav', file), {})).data), [0.25, -1]);
  });
});
