import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { elementCount } from '../../engine/ir/dtype';
import { appProblems } from '../problems';
import { isSystemError } from '../write-files';
import { loadCsv } from './csv';
import { loadBinFolder } from './bin-folder';
import { loadLabelFolders } from './label-folders';
import { loadSingleFile } from './single-file';
import { loadNpyFile, loadNpz } from './npz';
import { arranged, checkSamples, pickSamples, rangeOf, type SampleArray, type SampleRange } from './samples';

export { sampleAt, type SampleArray } from './samples';

export interface Dataset {
  readonly path: string;
  readonly calibration: SampleArray;
  /** Labelled where the data set has labels for it: what choices are made by. The calibration samples where absent. */
  readonly validation?: SampleArray;
  readonly test: SampleArray;
}

/** What a data set's file does not say by itself. */
export interface DataOptions {
  /** Samples to calibrate, validate and test with, by their position in the data set. */
  readonly calibrate?: SampleRange;
  readonly validate?: SampleRange;
  readonly test?: SampleRange;
  /** Column of a .csv that holds the label: its name or number from 0; the last one where absent and `labelled`. */
  readonly labelColumn?: string;
  /** Codes of raw files: real = scale * (code - zeroPoint). */
  readonly scale?: number;
  readonly zeroPoint?: number;
  /** Type of the codes of raw files. */
  readonly codes?: 'int8' | 'uint8' | 'float32';
  /** Class names in the model's order: folders and label columns may use them instead of numbers. */
  readonly classNames?: readonly string[];
  /** Elements of the model's input: sound is cut into samples of so many. */
  readonly sampleElements?: number;
  /** Every sample is a test sample, where the file does not name parts: it is fed, not judged. */
  readonly whole?: boolean;
}

/** What a reader finds: one list of samples, or parts that the file itself names. */
export interface LoadedData {
  readonly all?: SampleArray;
  readonly calibration?: SampleArray;
  readonly validation?: SampleArray;
  readonly test?: SampleArray;
}

/** Samples to calibrate with where the data set does not say: a fifth, at most so many. */
const DEFAULT_CALIBRATION = 200;

/**
 * Reads a data set: `.npz` with named parts, `.npy`, `.csv`, a folder of raw `.bin` with `y_labels.csv` (the layout of MLPerf
 * Tiny), or a folder for each label. Throws a problem with what was expected where it cannot be used.
 */
export async function loadDataset(file: string, options: DataOptions = {}): Promise<Dataset> {
  const loaded = await read(file, options);
  const checked = (samples: SampleArray | undefined, name: string): SampleArray | undefined => samples && checkSamples(samples, name, file);
  const all = checked(loaded.all, 'The data set');
  const part = (range: SampleRange | undefined, own: SampleArray | undefined, name: string): SampleArray | undefined => {
    const source = all ?? own;
    return range && source ? rangeOf(source, range, name, file) : checked(own, `The ${name} part`);
  };
  const calibration = part(options.calibrate, loaded.calibration, 'calibration');
  const validation = part(options.validate, loaded.validation, 'validation');
  const test = part(options.test, loaded.test, 'test');
  if (!all) return { path: file, calibration: calibration!, test: test!, ...(validation ? { validation } : {}) };
  if (options.whole && !test) return { path: file, calibration: all, test: all };
  const defaults = defaultParts(all, options);
  return { path: file, calibration: calibration ?? defaults.calibration, test: test ?? defaults.test, ...(validation ? { validation } : {}) };
}

/** A fifth of the samples, evenly spread, calibrates; what nobody calibrates or validates with is tested. */
function defaultParts(all: SampleArray, { calibrate, validate, test }: DataOptions): { calibration: SampleArray; test: SampleArray } {
  const isIn = (range: SampleRange | undefined, i: number): boolean => range !== undefined && i >= range.from && i < range.from + range.count;
  const free = Array.from({ length: all.count }, (_, i) => i).filter((i) => !isIn(calibrate, i) && !isIn(validate, i) && !isIn(test, i));
  const wanted = calibrate ? 0 : Math.min(DEFAULT_CALIBRATION, Math.max(1, Math.floor(free.length / 5)));
  const step = wanted ? free.length / wanted : 0;
  const chosen = new Set(Array.from({ length: wanted }, (_, i) => free[Math.floor(i * step)]));
  const rest = free.filter((i) => !chosen.has(i));
  return { calibration: pickSamples(all, chosen.size ? [...chosen] : free), test: pickSamples(all, rest.length ? rest : free) };
}

async function read(file: string, options: DataOptions): Promise<LoadedData> {
  const stat = await fs.stat(file).catch((error: unknown) => {
    if (isSystemError(error)) throw new ProblemError(appProblems.noFile(file, error.message));
    throw error;
  });
  if (stat.isDirectory()) {
    const names = await fs.readdir(file);
    return names.includes('y_labels.csv') ? loadBinFolder(file, options) : loadLabelFolders(file, options);
  }
  const extension = path.extname(file).toLowerCase();
  const reader = readers[extension];
  if (!reader) {
    throw new ProblemError(appProblems.badData(file, `${path.basename(file)} is no data set: expected ${Object.keys(readers).join(', ')}, a folder of .bin files with y_labels.csv, or a folder for each label.`));
  }
  return reader(file, options);
}

const readers: Readonly<Record<string, (file: string, options: DataOptions) => Promise<LoadedData>>> = { '.npz': loadNpz, '.npy': loadNpyFile, '.csv': loadCsv, '.wav': loadSingleFile, '.bmp': loadSingleFile };

/**
 * The data set as the model takes it: images with channels last are turned for a model that wants them first. Throws where
 * samples do not fit: other sizes than the model's input, or labels that it has no class for.
 */
export function fitted(dataset: Dataset, inputShape: readonly number[], inputName: string, classes?: number): Dataset {
  const part = (samples: SampleArray, name: string): SampleArray => {
    if (elementCount(samples.sampleShape) !== elementCount(inputShape)) {
      throw new ProblemError(appProblems.badData(dataset.path, `The ${name} samples are ${samples.sampleShape.join('×')}; the model's input ${inputName} is ${inputShape.join('×')}.`));
    }
    const far = classes === undefined ? -1 : (samples.labels?.findIndex((label) => label >= classes) ?? -1);
    if (far >= 0) throw new ProblemError(appProblems.badData(dataset.path, `The label of ${name} sample ${far} is ${samples.labels![far]}; the model has ${classes} classes, counted from 0.`));
    return arranged(samples, inputShape);
  };
  const { path: file, calibration, validation, test } = dataset;
  return { path: file, calibration: part(calibration, 'calibration'), ...(validation ? { validation: part(validation, 'validation') } : {}), test: part(test, 'test') };
}

/** Throws where samples cannot tell a layer's range: all of their values are the same. */
export function checkVaries(samples: SampleArray, path: string): void {
  const { values } = samples;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return;
  const them = samples.count === 1 ? 'The only calibration sample holds' : `All ${samples.count} calibration samples hold`;
  throw new ProblemError(appProblems.badData(path, `${them} nothing but ${values[0]}; expected typical inputs, which differ.`));
}
