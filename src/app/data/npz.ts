import fs from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { ProblemError } from '../../base/problem';
import { appProblems } from '../problems';
import type { DataOptions, LoadedData } from './dataset';
import { NpyError, parseNpy, type NumericArray } from './npy';
import type { SampleArray } from './samples';

/** More than this unpacked is a mistake or a bomb. */
const MAX_BYTES = 2 ** 31;

/**
 * A `.npz`: x_calibration (or x_train), x_validation and x_test with y_calibration (y_train), y_validation and y_test; or x and
 * y, or a single array, for all.
 */
export async function loadNpz(file: string): Promise<LoadedData> {
  const arrays = await readNpz(file);
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(file, why));
  };
  const samples = (name: string, labels: string | undefined): SampleArray => {
    const array = arrays.get(name)!;
    const [count, ...sampleShape] = array.shape;
    if (!count) return fail(`${name} is empty.`);
    const truth = labels === undefined ? undefined : arrays.get(labels);
    if (!truth) return { count, sampleShape, values: array.data };
    if (truth.shape.length !== 1 || truth.shape[0] !== count) return fail(`${labels} has shape ${truth.shape.join('×')}, expected ${count} class indices, one for each of ${name}.`);
    return { count, sampleShape, values: array.data, labels: Array.from(truth.data) };
  };
  const first = (...suffixes: readonly string[]): SampleArray | undefined => {
    const suffix = suffixes.find((s) => arrays.has(`x${s}`));
    return suffix === undefined ? undefined : samples(`x${suffix}`, `y${suffix}`);
  };
  const test = first('_test', '');
  if (!test) {
    if (arrays.size === 1) return { all: samples([...arrays.keys()][0], undefined) };
    return fail(`It holds ${[...arrays.keys()].join(', ') || 'no arrays'}; expected x_calibration, x_test and y_test (or x and y).`);
  }
  const calibration = first('_calibration', '_train');
  if (!calibration && !arrays.has('x_test')) return { all: test };
  return { calibration: calibration ?? first('', '_test')!, validation: first('_validation'), test };
}

/** A `.npy` holds all samples, first axis the samples, without labels. */
export async function loadNpyFile(file: string, _options: DataOptions): Promise<LoadedData> {
  const { shape, data } = await readNpy(file);
  const [count, ...sampleShape] = shape;
  return { all: { count: count ?? 0, sampleShape, values: data } };
}

export async function readNpy(file: string): Promise<NumericArray> {
  const bytes = await fs.readFile(file);
  return understood(file, '', () => parseNpy(bytes));
}

function understood(file: string, entry: string, parse: () => NumericArray): NumericArray {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
    throw new ProblemError(appProblems.badData(file, `${entry ? `${entry}: ` : ''}${error.message}.`));
  }
}

async function readNpz(file: string): Promise<Map<string, NumericArray>> {
  const bytes = await fs.readFile(file);
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
    throw new ProblemError(appProblems.badData(file, `It cannot be unpacked: ${error instanceof Error ? error.message : String(error)}.`));
  }
  return new Map(Object.entries(entries).map(([name, content]) => [name.slice(0, -'.npy'.length), understood(file, name, () => parseNpy(content))]));
}
