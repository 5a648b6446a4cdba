import fs from 'node:fs/promises';
import path from 'node:path';
import type { Task } from '../../base/progress';
import { ProblemError } from '../../base/problem';
import { appProblems } from '../problems';
import { collectSamples } from './collect-samples';
import { classOf } from './csv';
import type { DataOptions, LoadedData } from './dataset';
import { isSampleFile, readSampleFile, sampleEndings } from './sample-files';

/**
 * A folder for each label, named by class or class index, with files of one sample each; or one folder of such files, without
 * labels. Samples of all labels take turns, so that any stretch of them has all labels.
 */
export async function loadSampleFolder(folder: string, options: DataOptions, task: Task): Promise<LoadedData> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(folder, why));
  };
  const entries = (await fs.readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'));
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  const loose = entries.filter((entry) => entry.isFile() && isSampleFile(entry.name)).map((entry) => entry.name).sort();
  if (!names.length && !loose.length) return fail(`It has neither y_labels.csv, nor a folder for each label, nor ${sampleEndings.join(', ')} files.`);
  if (names.length && loose.length) return fail(`It has folders (${names.slice(0, 3).join(', ')}) and, beside them, ${loose[0]}: expected all samples in a folder for each label, or none.`);
  const { files, labels } = loose.length ? { files: loose, labels: undefined } : await inFolders(folder, names, options, fail);
  const { sampleShape, values } = await collectSamples(files, (i) => readSampleFile(path.join(folder, files[i]), options), fail, task);
  return { all: { count: files.length, sampleShape, values, ...(labels ? { labels } : {}) } };
}

async function inFolders(folder: string, names: readonly string[], { classNames }: DataOptions, fail: (why: string) => never): Promise<{ files: string[]; labels: number[] }> {
  const isIndices = names.every((name) => /^\d+$/.test(name));
  const classes = names.map((name, i) => (classNames?.length || isIndices ? classOf(name, classNames, fail) : i));
  const lists = await Promise.all(names.map(async (name) => (await fs.readdir(path.join(folder, name))).filter((file) => !file.startsWith('.') && isSampleFile(file)).sort()));
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  const found: { file: string; label: number }[] = [];
  for (let turn = 0; turn < longest; turn++) names.forEach((name, n) => lists[n][turn] !== undefined && found.push({ file: path.join(name, lists[n][turn]), label: classes[n] }));
  if (!found.length) return fail(`Its folders hold no ${sampleEndings.join(', ')} files.`);
  return { files: found.map(({ file }) => file), labels: found.map(({ label }) => label) };
}
