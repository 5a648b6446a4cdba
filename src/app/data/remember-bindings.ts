import path from 'node:path';
import type { Bindings } from '../../engine/formats/onnx/bind-shapes';
import { writeFiles } from '../write-files';
import { FILE_NAME, keysOf, nearestProject, parseProject } from './project-file';

/**
 * Writes extents into the `bind` of a model's entry in the nearest `tinyml.json`, or in a new one in `home`; all else in the
 * file stays. Returns the file. Throws `ProblemError` where the file that is there cannot be understood: it is then left alone.
 */
export async function rememberBindings(modelPath: string, bindings: Bindings, home: string): Promise<string> {
  const found = await nearestProject(modelPath);
  const file = found?.file ?? path.join(home, FILE_NAME);
  if (found) parseProject(found.file, found.text);
  const project = (found ? JSON.parse(found.text) : {}) as { models?: Record<string, { bind?: Bindings }> };
  const models = (project.models ??= {});
  const keys = keysOf(modelPath, file);
  const key = keys.find((known) => Object.hasOwn(models, known)) ?? keys[0];
  models[key] = { ...models[key], bind: { ...models[key]?.bind, ...bindings } };
  await writeFiles([{ path: file, content: JSON.stringify(project, undefined, indentOf(found?.text)) + '\n' }]);
  return file;
}

/** What the first indented line is indented by. */
const indentOf = (text = ''): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
