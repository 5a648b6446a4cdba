import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { appProblems } from '../problems';
import { BmpError, parseBmp } from './bmp';
import { classOf } from './csv';
import type { DataOptions, LoadedData } from './dataset';
import { readNpy } from './npz';
import { parseWav, WavError } from './wav';

interface OneSample {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/**
 * A folder for each label, named by class or class index, with `.npy`, `.wav` or `.bmp` files, one a sample. Sound is its
 * samples from -1 to 1; images are grey or red, green, blue from 0 to 255, rows from the top, channels last. `scale` and
 * `zeroPoint` change them to (value - zeroPoint) * scale. All samples must have the model's size: nothing is resized.
 * Samples of all labels take turns, so that any stretch of them has all labels.
 */
export async function loadLabelFolders(folder: string, options: DataOptions): Promise<LoadedData> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(folder, why));
  };
  const entries = await fs.readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name).sort();
  if (!names.length) return fail('It has neither y_labels.csv nor a folder for each label.');
  const isIndices = names.every((name) => /^\d+$/.test(name));
  const classes = names.map((name, i) => (options.classNames?.length || isIndices ? classOf(name, options.classNames, fail) : i));
  const files = await Promise.all(names.map(async (name) => (await fs.readdir(path.join(folder, name))).filter((file) => readers.has(path.extname(file).toLowerCase())).sort()));
  const turns = Array.from({ length: Math.max(...files.map((list) => list.length)) }, (_, i) => i);
  const ordered = turns.flatMap((turn) => names.flatMap((name, n) => (files[n][turn] === undefined ? [] : [{ file: path.join(folder, name, files[n][turn]), label: classes[n] }])));
  if (!ordered.length) return fail(`Its folders hold no ${[...readers.keys()].join(', ')} files.`);
  const samples = await Promise.all(ordered.map(({ file }) => readSample(file)));
  const { shape } = samples[0];
  const other = samples.findIndex((sample) => sample.shape.join() !== shape.join());
  if (other >= 0) return fail(`${path.relative(folder, ordered[other].file)} is ${samples[other].shape.join('×')}, ${path.relative(folder, ordered[0].file)} ${shape.join('×')}; samples must have one size.`);
  const { scale = 1, zeroPoint = 0 } = options;
  const length = samples[0].data.length;
  const values = new Float32Array(samples.length * length);
  samples.forEach((sample, s) => {
    for (let i = 0; i < length; i++) values[s * length + i] = (sample.data[i] - zeroPoint) * scale;
  });
  return { all: { count: samples.length, sampleShape: shape, values, labels: ordered.map(({ label }) => label) } };
}

const readers: ReadonlyMap<string, (file: string) => Promise<OneSample>> = new Map([
  ['.npy', readNpy],
  ['.wav', async (file: string) => parseWav(await fs.readFile(file))],
  ['.bmp', async (file: string) => parseBmp(await fs.readFile(file))],
]);

export async function readSample(file: string): Promise<OneSample> {
  try {
    return await readers.get(path.extname(file).toLowerCase())!(file);
  } catch (error) {
    if (error instanceof WavError || error instanceof BmpError) throw new ProblemError(appProblems.badData(file, `${error.message}.`));
    throw error;
  }
}
