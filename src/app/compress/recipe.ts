import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { calibrationMethods } from '../../engine/quant/calibration';
import { importances } from '../../engine/compress/prune/importances';
import { codebookSizes } from '../../engine/compress/store/cluster';
import { shareOfPattern, sparsePatterns, type SparsePattern } from '../../engine/compress/store/sparsify';
import type { CompressRequest } from '../engine-contract';
import type { TransformStep } from './steps';
import { appProblems } from '../problems';
import { isSystemError } from '../write-files';
import { quantizeKinds } from './kinds';
import { measures } from './reduce/measure';

/** What a recipe says: everything of a request that is not about files. */
export type Recipe = Pick<CompressRequest, 'steps' | 'after' | 'quantize' | 'method' | 'ranges' | 'activations' | 'perTensor' | 'groupSize' | 'layers' | 'budget' | 'timeLimitSeconds'>;

/** Ends the names of recipe files; the editor checks such files by their schema. */
export const RECIPE_ENDING = '.tinyml-recipe.json';
const SCHEMA = 'tinyml-recipe/1';

type Check = (value: unknown) => boolean;
const oneOf = (list: readonly string[]): Check => (value) => typeof value === 'string' && list.includes(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isRefit: Check = (value) => value === 'layers' || isFlag(value);
const isShare: Check = (value) => typeof value === 'number' && value > 0 && value < 1;
const isPositive: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Channels or ranks by layer. */
const areSizes: Check = (value) => isRecord(value) && Object.values(value).every((size) => Number.isInteger(size) && (size as number) >= 1);

const methodSteps = ['equalize', 'absorb', 'bias', 'reconstruct', 'tune'];
const activationForms = ['int8', 'int16', 'float32'];
const target = { measure: oneOf(measures), share: isShare, most: isPositive };

/** Fields of each kind of step; schemas/recipe.schema.json has the same, and a test holds the two together. */
export const recipeFields: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  prune: { ...target, importance: oneOf(importances), refit: isRefit, dropBlocks: isFlag, widths: areSizes },
  factorize: { ...target, ranks: areSizes, only: (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string'), refit: (value) => value === true || value === 'layers' },
  cluster: { entries: (value) => codebookSizes.some((size) => size === value) },
  sparsify: { share: isShare, pattern: oneOf(sparsePatterns), refit: isFlag },
  quantize: {
    to: oneOf(Object.keys(quantizeKinds)),
    method: (value) => value === 'auto' || (Array.isArray(value) && value.every(oneOf(methodSteps))),
    ranges: oneOf(calibrationMethods),
    activations: oneOf(activationForms),
    perTensor: isFlag,
    groupSize: (value) => Number.isInteger(value) && isPositive(value),
    layers: (value) => isRecord(value) && Object.values(value).every((form) => isRecord(form) && Object.values(form).every((part) => typeof part === 'string')),
    budget: (value) => isRecord(value) && Object.entries(value).every(([name, amount]) => ['flashBytes', 'flashShare', 'ramBytes'].includes(name) && isPositive(amount)),
  },
};

/** Kept for what a later version does; a recipe that has it is refused as a whole, not done in part. */
export const RESERVED = 'fineTune';

/** The recipe in a file. @throws ProblemError naming everything that is wrong with it. */
export async function readRecipe(file: string): Promise<Recipe> {
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    if (isSystemError(error)) throw new ProblemError(appProblems.noFile(file, error.message));
    throw error;
  });
  return parseRecipe(file, text);
}

export function parseRecipe(file: string, text: string): Recipe {
  const wrong: string[] = [];
  const json = parseJson(text, wrong);
  for (const name of Object.keys(json)) if (!['$schema', 'schema', 'steps', 'timeLimitSeconds'].includes(name)) wrong.push(`there is no "${name}" in a recipe`);
  if (!wrong.length && json.schema !== SCHEMA) wrong.push(`"schema" is ${JSON.stringify(json.schema)}, expected "${SCHEMA}"`);
  if (json.timeLimitSeconds !== undefined && !isPositive(json.timeLimitSeconds)) wrong.push(`"timeLimitSeconds" is ${JSON.stringify(json.timeLimitSeconds)}, no number above 0`);
  const steps = Array.isArray(json.steps) && json.steps.length ? (json.steps as unknown[]) : undefined;
  if (!wrong.length && !steps) wrong.push('"steps" is no list with a step in it');
  if (steps?.some((step) => isRecord(step) && step.kind === RESERVED)) throw new ProblemError(appProblems.fineTuneReserved(file));
  steps?.forEach((step, i) => wrong.push(...wrongWith(step, `step ${i + 1}`)));
  if (steps && steps.filter(isQuantize).length > 1) wrong.push('two steps quantize: codes are not quantized again');
  if (wrong.length) throw new ProblemError(appProblems.badRecipe(file, wrong));
  const all = steps as readonly (TransformStep | (Recipe & { readonly kind: 'quantize'; readonly to: CompressRequest['quantize'] }))[];
  const at = all.findIndex((step) => step.kind === 'quantize');
  const transforms = (at < 0 ? all : all.slice(0, at)) as readonly TransformStep[];
  const after = (at < 0 ? [] : all.slice(at + 1)) as readonly TransformStep[];
  const seconds = json.timeLimitSeconds === undefined ? {} : { timeLimitSeconds: json.timeLimitSeconds as number };
  const found = all[at];
  if (found?.kind !== 'quantize') return { steps: transforms, ...seconds };
  const { kind: _kind, to, ...options } = found;
  return { ...(transforms.length ? { steps: transforms } : {}), quantize: to, ...options, ...(after.length ? { after } : {}), ...seconds };
}

const isQuantize = (step: unknown): boolean => isRecord(step) && step.kind === 'quantize';

function wrongWith(step: unknown, where: string): string[] {
  if (!isRecord(step) || typeof step.kind !== 'string') return [`${where} has no "kind"`];
  const fields = Object.hasOwn(recipeFields, step.kind) ? recipeFields[step.kind] : undefined;
  if (!fields) return [`${where} is "${step.kind}"; known are ${Object.keys(recipeFields).join(', ')}`];
  const wrong = Object.entries(step).flatMap(([name, value]) => {
    if (name === 'kind') return [];
    if (!Object.hasOwn(fields, name)) return [`${where} (${step.kind as string}) has no "${name}"; known are ${Object.keys(fields).join(', ')}`];
    return fields[name](value) ? [] : [`"${name}" in ${where} is ${JSON.stringify(value)?.slice(0, 60)}`];
  });
  if (step.kind === 'quantize') return [...wrong, ...(step.to === undefined ? [`"to" is missing in ${where}`] : [])];
  if (step.kind === 'cluster') return [...wrong, ...(step.entries === undefined ? [`"entries" is missing in ${where}`] : [])];
  if (step.kind === 'sparsify') return [...wrong, ...sparsifyWrong(step, where)];
  if (step.measure === undefined) wrong.push(`"measure" is missing in ${where}`);
  if ([step.share, step.most, step.widths, step.ranks].filter((way) => way !== undefined).length !== 1) wrong.push(`${where} needs either "share" or "most", or "${step.kind === 'prune' ? 'widths' : 'ranks'}"`);
  return wrong;
}

/** A pattern that says how many zeros there are does not go with a share. */
function sparsifyWrong({ pattern, share }: Readonly<Record<string, unknown>>, where: string): string[] {
  const own = shareOfPattern((pattern ?? 'free') as SparsePattern);
  if (own === undefined && share === undefined) return [`"share" is missing in ${where}`];
  return own !== undefined && share !== undefined ? [`${where} has a pattern that leaves ${1 - own} of the weights: "share" does not go with it`] : [];
}

function parseJson(text: string, wrong: string[]): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    if (isRecord(json)) return json;
    wrong.push('it is no object');
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  return {};
}

/** What a request says besides files. */
export function recipeOf({ steps, after, quantize, method, ranges, activations, perTensor, groupSize, layers, budget, timeLimitSeconds }: CompressRequest): Recipe {
  return { steps, after, quantize, method, ranges, activations, perTensor, groupSize, layers, budget, timeLimitSeconds };
}

/** The recipe of a request, as a file holds it. */
export function recipeText(request: CompressRequest): string {
  const { steps = [], after = [], quantize, timeLimitSeconds, ...how } = recipeOf(request);
  const quantized = quantize === undefined ? [] : [{ kind: 'quantize', to: quantize, ...how }];
  return `${JSON.stringify({ schema: SCHEMA, steps: [...steps, ...quantized, ...after], timeLimitSeconds }, undefined, 2)}\n`;
}

/** `digits.pruned.int8.tinyml-recipe.json` beside `digits.pruned.int8.onnx`. */
export const recipeBeside = (out: string): string => path.join(path.dirname(out), `${path.parse(out).name}${RECIPE_ENDING}`);
