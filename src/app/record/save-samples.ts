import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { parseCsv } from '../data/csv';
import { loadNpz } from '../data/npz';
import { writeNpz } from '../data/write-npz';
import { writeWav } from '../data/write-wav';
import { appProblems } from '../problems';
import { exists, writeFiles } from '../write-files';
import type { Samples } from './frame-recorder';
import { recordProblems } from './problems';

export interface SaveOptions {
  /** Adds to a file that is there; otherwise it is never touched. */
  readonly append: boolean;
  /** Class names of the model, in its order: a .npz holds their indices. */
  readonly classNames?: readonly string[];
}

/**
 * Writes samples as a data set that quantizing and verifying read: `.csv`, `.npz`, one `.wav`, or a folder with a folder for each label and a `.wav` for
 * each sample. Gives the number of samples in it.
 */
export async function saveSamples(file: string, samples: Samples, { append, classNames = [] }: SaveOptions): Promise<number> {
  if (path.extname(file) === '') return saveSounds(file, samples, append);
  const isThere = await exists(file);
  if (isThere && !append) throw new ProblemError(appProblems.outExists(file));
  const save = writers[path.extname(file).toLowerCase()];
  if (!save) throw new ProblemError(appProblems.unknownChoice('format of recordings', path.extname(file), [...Object.keys(writers), 'a folder']));
  const { content, count } = await save(file, isThere, samples, classNames);
  await writeFiles([{ path: file, content }]);
  return count;
}

type Writer = (file: string, isThere: boolean, samples: Samples, classNames: readonly string[]) => Promise<{ readonly content: Uint8Array | string; readonly count: number }>;

const writers: Readonly<Record<string, Writer>> = {
  '.wav': async (file, isThere, samples) => {
    if (isThere) throw new ProblemError(appProblems.outExists(file));
    const { rateHz, values } = soundOf(file, samples);
    return { content: writeWav(values, rateHz), count: samples.labels.length };
  },
  '.csv': async (file, isThere, samples) => {
    const width = samples.rows * samples.columns;
    const header = [...Array.from({ length: width }, (_, i) => `v${i}`), 'label'].join(',');
    const before = isThere ? (await fs.readFile(file, 'utf8')).trimEnd().split(/\r?\n/) : [header];
    const found = parseCsv(before[0])[0].length - 1;
    if (found !== width) throw new ProblemError(recordProblems.otherShape(file, width, found));
    const lines = samples.labels.map((label, s) => [...samples.values.subarray(s * width, (s + 1) * width), plainLabel(label)].join(','));
    return { content: `${[...before, ...lines].join('\n')}\n`, count: before.length - 1 + lines.length };
  },
  '.npz': async (file, isThere, samples, classNames) => {
    const width = samples.rows * samples.columns;
    const before = isThere ? (await loadNpz(file)).all : undefined;
    if (isThere && !before?.labels) throw new ProblemError(appProblems.badData(file, 'It was not recorded here: expected the arrays x and y alone.'));
    const found = before ? before.values.length / before.count : width;
    if (found !== width) throw new ProblemError(recordProblems.otherShape(file, width, found));
    const labels = samples.labels.map((label) => indexOf(label, classNames));
    const values = new Float32Array((before?.values.length ?? 0) + samples.values.length);
    if (before) values.set(Float32Array.from(before.values));
    values.set(samples.values, before?.values.length ?? 0);
    const count = (before?.count ?? 0) + labels.length;
    return { content: writeNpz({ x: { shape: [count, samples.rows, samples.columns], data: values }, y: { shape: [count], data: Int32Array.from([...(before?.labels ?? []), ...labels]) } }), count };
  },
};

/** A number behind the label, from 1, as wide as keeps the files in order. */
const soundFile = (folder: string, label: string, number: number): string => path.join(folder, label, `${label}-${String(number).padStart(4, '0')}.wav`);

/** Sound by label: what is there is never changed, more files are added to it. */
async function saveSounds(folder: string, samples: Samples, append: boolean): Promise<number> {
  if (!append && (await exists(folder))) throw new ProblemError(appProblems.outExists(folder));
  const { rateHz, values } = soundOf(folder, samples);
  const files: { path: string; content: Uint8Array }[] = [];
  let number = 1;
  for (const [s, label] of samples.labels.entries()) {
    while (await exists(soundFile(folder, plainName(label), number))) number++;
    files.push({ path: soundFile(folder, label, number++), content: writeWav(values.subarray(s * samples.rows, (s + 1) * samples.rows), rateHz) });
  }
  await Promise.all([...new Set(samples.labels)].map((label) => fs.mkdir(path.join(folder, label), { recursive: true })));
  await writeFiles(files);
  const labels = await fs.readdir(folder, { withFileTypes: true });
  const counts = await Promise.all(labels.filter((entry) => entry.isDirectory()).map(async (entry) => (await fs.readdir(path.join(folder, entry.name))).filter((name) => name.endsWith('.wav')).length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Codes of int16. */
const FULL_SCALE = 32768;

/** Numbers from -1 to 1. Whole numbers beyond that are counts. @throws ProblemError where it is no sound, or its rate is not known */
function soundOf(file: string, { columns, rateHz, values }: Samples): { readonly rateHz: number; readonly values: Float32Array } {
  if (columns !== 1) throw new ProblemError(recordProblems.noSound(file, columns));
  if (rateHz === undefined) throw new ProblemError(recordProblems.noRate(file));
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  if (most <= 1) return { rateHz, values };
  if (most > FULL_SCALE || !values.every(Number.isInteger)) throw new ProblemError(recordProblems.beyondFullScale(file, most));
  return { rateHz, values: values.map((value) => value / FULL_SCALE) };
}

/** A label that names a folder. */
function plainName(label: string): string {
  if (label === '' || /[\\/:*?"<>|]|^\.|\.$/.test(label)) throw new ProblemError(recordProblems.tornLabel(label));
  return label;
}

/** The reader of tables takes labels without separators. */
function plainLabel(label: string): string {
  if (label === '' || /[",;\t\r\n]/.test(label)) throw new ProblemError(recordProblems.tornLabel(label));
  return label;
}

function indexOf(label: string, classNames: readonly string[]): number {
  const index = classNames.indexOf(label);
  if (index >= 0) return index;
  if (classNames.length === 0 && /^\d+$/.test(label)) return Number(label);
  throw new ProblemError(recordProblems.unknownLabel(label, classNames));
}
