import fs from 'node:fs/promises';
import path from 'node:path';
import { freeName, writeFiles } from './write-files';

/** What samples are: text about them, models and data. Anything else in their folder was made by using them. */
const SAMPLE = /^(README\.md|tinyml\.json|[^/]+\/[^/]+\.(onnx|npz))$/;
const MADE = /\.(int8|int4|pruned|extended)\./;

/** The samples in a new folder `tinyml-samples` under `into`, which nothing is replaced in: its path. */
export async function copySamples(from: string, into: string): Promise<string> {
  const folder = await freeName(path.join(into, 'tinyml-samples'));
  const names = (await fs.readdir(from, { recursive: true })).map((name) => name.split(path.sep).join('/')).filter((name) => SAMPLE.test(name) && !MADE.test(name));
  await writeFiles(await Promise.all(names.map(async (name) => ({ path: path.join(folder, name), content: await fs.readFile(path.join(from, name)) }))));
  return folder;
}
