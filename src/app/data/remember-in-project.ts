import path from 'node:path';
import { writeFiles } from '../write-files';
import { FILE_NAME, keysOf, nearestProject, parseProject } from './project-file';

/** Where a project file speaks of models. */
export type Section = 'models' | 'budgets';

/** An entry of a model as the file has it. */
export type RawEntry = Readonly<Record<string, unknown>>;

/**
 * Changes a model's entry in the nearest `tinyml.json`, or in a new one in `home`; all else in the file stays. Returns the file.
 * Throws `ProblemError` where the file that is there cannot be understood: it is then left alone.
 */
export async function rememberInProject(modelPath: string, change: (entry: RawEntry) => RawEntry, home: string, section?: Section): Promise<string> {
  const found = await nearestProject(modelPath);
  const file = found?.file ?? path.join(home, FILE_NAME);
  await writeFiles([{ path: file, content: withEntry(file, found?.text, modelPath, change, section) }]);
  return file;
}

/** The text of a project file with a model's entry changed. @throws ProblemError where `text` cannot be understood */
export function withEntry(file: string, text: string | undefined, modelPath: string, change: (entry: RawEntry) => RawEntry, section: Section = 'models'): string {
  if (text !== undefined) parseProject(file, text);
  const project = (text === undefined ? {} : JSON.parse(text)) as Partial<Record<Section, Record<string, RawEntry>>>;
  const entries = (project[section] ??= {});
  const [own, ...inherited] = keysOf(modelPath, file);
  // What a model may cost is said of that file alone.
  const key = [own, ...(section === 'models' ? inherited : [])].find((known) => Object.hasOwn(entries, known)) ?? own;
  entries[key] = change(entries[key] ?? {});
  return `${JSON.stringify(project, undefined, indentOf(text))}\n`;
}

/** What the first indented line is indented by. */
const indentOf = (text = ''): string => /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
