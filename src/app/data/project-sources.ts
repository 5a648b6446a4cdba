import path from 'node:path';
import { findModelData } from './project-file';

/** Models whose entry in tinyml.json names `file` as the Python source that makes them. */
export async function sourcesOf(models: readonly string[], file: string): Promise<string[]> {
  const wanted = path.resolve(file);
  const sources = await Promise.all(models.map((model) => findModelData(model).then(({ source }) => source, () => undefined)));
  return models.filter((_, i) => sources[i] === wanted);
}
