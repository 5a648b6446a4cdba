import fs from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { ProblemError } from '../../base/problem';
import { elementCount } from '../../engine/ir/dtype';
import { appProblems } from '../problems';
import { isSystemError } from '../write-files';
import { NpyError, parseNpy, type NumericArray } from './npy';

/** Samples of one input, each `sampleShape`, flattened in order; labels are class indices. */
export interface SampleArray {
  readonly count: number;
  readonly sampleShape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly labels?: readonly number[];
}

export interface Dataset {
  readonly path: string;
  readonly calibration: SampleArray;
  readonly test: SampleArray;
}

/** More than this unpacked is a mistake or a bomb. */
const MAX_BYTES = 2 ** 31;

/** A `.npz` with x_calibration (or x_train, x), x_test (or x) and y_test (or y). */
export async function loadDataset(file: string): Promise<Dataset> {
  const arrays = await readNpz(file);
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(file, why));
  };
  const first = (...names: string[]): [string, NumericArray] | undefined => {
    const name = names.find((n) => arrays.has(n));
    return name === undefined ? undefined : [name, arrays.get(name)!];
  };
  const samples = (found: [string, NumericArray] | undefined, labels: [string, NumericArray] | undefined): SampleArray => {
    if (!found) return fail(`It holds ${[...arrays.keys()].join(', ') || 'no arrays'}; expected x_calibration, x_test and y_test (or x and y).`);
    const [name, array] = found;
    const [count, ...sampleShape] = array.shape;
    if (!count) return fail(`${name} is empty.`);
    for (let i = 0; i < array.data.length; i++) if (!Number.isFinite(array.data[i])) return fail(`${name} holds ${array.data[i]} in sample ${Math.floor(i / elementCount(sampleShape))}.`);
    if (!labels) return { count, sampleShape, values: array.data };
    if (labels[1].shape.length !== 1 || labels[1].shape[0] !== count) return fail(`${labels[0]} has shape ${labels[1].shape.join('×')}, expected ${count} class indices, one for each of ${name}.`);
    const bad = Array.from(labels[1].data).find((label) => !Number.isInteger(label) || label < 0);
    if (bad !== undefined) return fail(`${labels[0]} holds ${bad}; labels are class indices from 0.`);
    return { count, sampleShape, values: array.data, labels: Array.from(labels[1].data) };
  };
  const test = samples(first('x_test', 'x'), first(...(arrays.has('x_test') ? ['y_test'] : ['y'])));
  const calibration = samples(first('x_calibration', 'x_train', 'x', 'x_test'), undefined);
  return { path: file, calibration, test };
}

async function readNpz(file: string): Promise<Map<string, NumericArray>> {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(file, why));
  };
  if (path.extname(file).toLowerCase() !== '.npz') return fail(`${path.basename(file)} is no .npz file.`);
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(file);
  } catch (error) {
    if (isSystemError(error)) throw new ProblemError(appProblems.noFile(file, error.message));
    throw error;
  }
  let total = 0;
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, {
      filter: (entry) => {
        total += entry.originalSize;
        if (total > MAX_BYTES) throw new NpyError(`it unpacks to more than ${MAX_BYTES / 2 ** 30} GiB`);
        return entry.name.endsWith('.npy');
      },
    });
  } catch (error) {
    return fail(`It cannot be unpacked: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const arrays = new Map<string, NumericArray>();
  for (const [name, content] of Object.entries(entries)) {
    try {
      arrays.set(name.slice(0, -'.npy'.length), parseNpy(content));
    } catch (error) {
      if (!(error instanceof NpyError)) throw error;
      return fail(`${name}: ${error.message}.`);
    }
  }
  return arrays;
}

/** The values of one sample. */
export function sampleAt(samples: SampleArray, index: number): Float64Array {
  const size = elementCount(samples.sampleShape);
  return Float64Array.from({ length: size }, (_, i) => samples.values[index * size + i]);
}

/** Throws where samples do not have as many values as the model's input. */
export function checkFits(dataset: Dataset, inputShape: readonly number[], inputName: string): void {
  for (const [name, samples] of [['calibration', dataset.calibration], ['test', dataset.test]] as const) {
    if (elementCount(samples.sampleShape) !== elementCount(inputShape)) {
      throw new ProblemError(appProblems.badData(dataset.path, `The ${name} samples are ${samples.sampleShape.join('×')}; the model's input ${inputName} is ${inputShape.join('×')}.`));
    }
  }
}
