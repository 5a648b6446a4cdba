import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { parseCsv } from '../data/csv';
import { loadNpz } from '../data/npz';
import { writeNpz } from '../data/write-npz';
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

/** Writes samples as a data set that quantizing and verifying read: `.csv`, or `.npz`. Gives the number of samples in the file. */
export async function saveSamples(file: string, samples: Samples, { append, classNames = [] }: SaveOptions): Promise<number> {
  const isThere = await exists(file);
  if (isThere && !append) throw new ProblemError(appProblems.outExists(file));
  const save = writers[path.extname(file).toLowerCase()];
  if (!save) throw new ProblemError(appProblems.unknownChoice('format of recordings', path.extname(file), Object.keys(writers)));
  const { content, count } = await save(file, isThere, samples, classNames);
  await writeFiles([{ path: file, content }]);
  return count;
}

type Writer = (file: string, isThere: boolean, samples: Samples, classNames: readonly string[]) => Promise<{ readonly content: Uint8Array | string; readonly count: number }>;

const writers: Readonly<Record<string, Writer>> = {
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
