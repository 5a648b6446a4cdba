import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import type { MemoryChoice } from '../../engine/codegen/choose-strips';
import type { Bindings } from '../../engine/formats/onnx/bind-shapes';
import type { DataOptions } from './dataset';
import { resizings } from './image/resize';
import { memoryChoice } from './memory-choice';
import { appProblems } from '../problems';
import { exists, isSystemError } from '../write-files';

/** What `tinyml.json` says of one model; paths are absolute here. Schema: schemas/tinyml.schema.json. */
export interface ModelEntry {
  readonly data?: string;
  readonly labels?: readonly string[];
  readonly options?: DataOptions;
  readonly bindings?: Bindings;
  /** Python file that makes the model. */
  readonly source?: string;
  /** How the RAM of its C is planned. */
  readonly memory?: MemoryChoice;
}

/** Data set and labels that belong to a model. `looked` names the places that were searched. */
export interface ModelData {
  readonly data?: string;
  readonly labels: readonly string[];
  /** What the entry says of the data set's layout. */
  readonly options?: DataOptions;
  /** Extents of dimensions that the model leaves open. */
  readonly bindings?: Bindings;
  /** Python file that makes the model. */
  readonly source?: string;
  /** How the RAM of its C is planned. */
  readonly memory?: MemoryChoice;
  readonly looked: readonly string[];
}

export const FILE_NAME = 'tinyml.json';

/**
 * Finds what belongs to a model: the entry of the nearest `tinyml.json` above it, else `<stem>.npz` beside it. A compressed
 * variant has the data of what it was made from: `digits.int8.onnx` that of `digits.onnx`.
 */
export async function findModelData(modelPath: string, explicit?: string): Promise<ModelData> {
  const looked: string[] = [];
  const entry = await findEntry(modelPath, looked);
  const labels = entry?.labels ?? [];
  const { options, bindings, source, memory } = entry ?? {};
  const said = { labels, bindings, source, memory, looked };
  if (explicit) return { data: explicit, options, ...said };
  if (entry?.data) return { data: entry.data, options, ...said };
  for (const stem of stemsOf(path.basename(modelPath))) {
    const beside = path.join(path.dirname(modelPath), `${stem}.npz`);
    looked.push(beside);
    if (await exists(beside)) return { data: beside, ...said };
  }
  return said;
}

/** `digits.int8.onnx` -> `digits.int8`, `digits`. */
export function stemsOf(fileName: string): string[] {
  const parts = fileName.split('.').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'));
}

async function findEntry(modelPath: string, looked: string[]): Promise<ModelEntry | undefined> {
  const found = await nearestProject(modelPath);
  if (!found) return undefined;
  looked.push(found.file);
  const models = parseProject(found.file, found.text);
  const key = keysOf(modelPath, found.file).find((k) => models.has(k));
  return key === undefined ? undefined : models.get(key);
}

/** The nearest `tinyml.json` at or above a model. */
export async function nearestProject(modelPath: string): Promise<{ readonly file: string; readonly text: string } | undefined> {
  for (let folder = path.dirname(modelPath); ; folder = path.dirname(folder)) {
    const file = path.join(folder, FILE_NAME);
    const text = await readText(file);
    if (text !== undefined) return { file, text };
    if (path.dirname(folder) === folder) return undefined;
  }
}

/** Keys under which a project file may speak of a model, its own name first. */
export function keysOf(modelPath: string, file: string): string[] {
  const relative = path.relative(path.dirname(file), path.dirname(modelPath)).split(path.sep).join('/');
  const extension = path.extname(modelPath);
  return stemsOf(path.basename(modelPath)).flatMap((stem) => [extension, '.onnx', '.tflite'].map((ext) => (relative ? `${relative}/${stem}${ext}` : `${stem}${ext}`)));
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (isSystemError(error)) return undefined;
    throw error;
  }
}

export function parseProject(file: string, text: string): Map<string, ModelEntry> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badProjectFile(file, why));
  };
  let project: unknown;
  try {
    project = JSON.parse(text);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  const models = isRecord(project) ? (project.models ?? {}) : undefined;
  if (!isRecord(models)) return fail('Expected an object with "models".');
  return new Map(
    Object.entries(models).map(([key, value]) => {
      if (!isRecord(value)) return fail(`"${key}" is no object.`);
      const { data, labels, source } = value;
      if (data !== undefined && typeof data !== 'string') return fail(`"data" of "${key}" is no text.`);
      if (source !== undefined && typeof source !== 'string') return fail(`"source" of "${key}" is no text.`);
      if (labels !== undefined && !(Array.isArray(labels) && labels.every((label): label is string => typeof label === 'string'))) return fail(`"labels" of "${key}" is no list of texts.`);
      const fileOf = (name: string | undefined): string | undefined => (name === undefined ? undefined : path.resolve(path.dirname(file), name));
      return [key, { data: fileOf(data), source: fileOf(source), labels, ...dataOptionsOf(key, value.dataOptions, fail), ...bindingsOf(key, value.bind, fail), ...memoryOf(key, value.memory, fail) }];
    }),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `dataOptions` of an entry, each member checked. */
function dataOptionsOf(key: string, value: unknown, fail: (why: string) => never): { options?: DataOptions } {
  if (value === undefined) return {};
  if (!isRecord(value)) return fail(`"dataOptions" of "${key}" is no object.`);
  for (const [name, member] of Object.entries(value)) {
    const isRight = optionChecks[name];
    if (!isRight) fail(`"dataOptions" of "${key}" has no "${name}": known are ${Object.keys(optionChecks).join(', ')}.`);
    if (!isRight(member)) fail(`"${name}" in "dataOptions" of "${key}" is ${JSON.stringify(member)}.`);
  }
  return { options: value as DataOptions };
}

/** `bind` of an entry: extents by name. */
function bindingsOf(key: string, value: unknown, fail: (why: string) => never): { bindings?: Bindings } {
  if (value === undefined) return {};
  if (!isRecord(value)) return fail(`"bind" of "${key}" is no object.`);
  for (const [name, extent] of Object.entries(value)) if (!isCount(extent) || extent === 0) fail(`"${name}" in "bind" of "${key}" is ${JSON.stringify(extent)}, no extent.`);
  return { bindings: value as Bindings };
}

/** `memory` of an entry: a RAM budget, and strips of rows. */
function memoryOf(key: string, value: unknown, fail: (why: string) => never): { memory?: MemoryChoice } {
  if (value === undefined) return {};
  if (!isRecord(value)) return fail(`"memory" of "${key}" is no object.`);
  const { ramBudget, strips, ...others } = value;
  for (const name of Object.keys(others)) fail(`"memory" of "${key}" has no "${name}": known are ramBudget, strips.`);
  const memory = memoryChoice(ramBudget, strips);
  return memory ? { memory } : fail(`"memory" of "${key}" is ${JSON.stringify(value)}: ramBudget is bytes or a text such as "32 KiB", strips is "auto", "off" or a number from 2.`);
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isRange = (value: unknown): boolean => isRecord(value) && isCount(value.from) && isCount(value.count);

const isNumbers = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === 'number');

const optionChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  calibrate: isRange,
  validate: isRange,
  test: isRange,
  labelColumn: (value) => typeof value === 'string',
  scale: (value) => typeof value === 'number' && value > 0,
  zeroPoint: (value) => Number.isInteger(value),
  codes: (value) => value === 'int8' || value === 'uint8' || value === 'float32',
  resize: (value) => resizings.some((known) => known === value),
  mean: isNumbers,
  std: isNumbers,
  rate: (value) => typeof value === 'number' && value > 0,
  resample: (value) => typeof value === 'boolean',
  padOrCut: (value) => typeof value === 'boolean',
  frontEnd: (value) => typeof value === 'string',
};
