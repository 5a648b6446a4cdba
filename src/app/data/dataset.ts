import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { quietTask, type Task } from '../../base/progress';
import { elementCount } from '../../engine/ir/dtype';
import { appProblems } from '../problems';
import { isSystemError } from '../write-files';
import { loadCsv } from './csv';
import { loadBinFolder } from './bin-folder';
import type { Resizing } from './image/resize';
import { loadSampleFolder } from './label-folders';
import { isSampleFile, sampleEndings } from './sample-files';
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
  /** Shape of the model's input: images get its channels, sound is cut into samples of its size. */
  readonly inputShape?: readonly number[];
  /** Images of other sizes than the model's get its size; refused where absent. */
  readonly resize?: Resizing;
  /** Normalization of images: (pixel - mean) / std, one number or one for each channel, of pixels from 0 to 255. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Samples of sound a second that the model takes; the front end's where there is one. */
  readonly rate?: number;
  /** Sound at other rates is converted; refused where absent. */
  readonly resample?: boolean;
  /** Sound that is too short gets silence behind it, what is too long loses its end; refused where absent. */
  readonly padOrCut?: boolean;
  /** What makes features of sound, by name and options: see `parseFrontEnd`. */
  readonly frontEnd?: string;
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
 * Tiny), a folder for each label, or a folder of images or sound. Throws a problem with what was expected where it cannot be used.
 */
export async function loadDataset(file: string, options: DataOptions = {}, task: Task = quietTask): Promise<Dataset> {
  const loaded = await read(file, options, task);
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

async function read(file: string, options: DataOptions, task: Task): Promise<LoadedData> {
  const stat = await fs.stat(file).catch((error: unknown) => {
    if (isSystemError(error)) throw new ProblemError(appProblems.noFile(file, error.message));
    throw error;
  });
  if (stat.isDirectory()) {
    const names = await fs.readdir(file);
    return names.includes('y_labels.csv') ? loadBinFolder(file, options, task) : loadSampleFolder(file, options, task);
  }
  const extension = path.extname(file).toLowerCase();
  const reader = readers[extension] ?? (isSampleFile(file) ? loadSingleFile : undefined);
  if (!reader) {
    throw new ProblemError(appProblems.badData(file, `${path.basename(file)} is no data set: expected ${[...new Set([...Object.keys(readers), ...sampleEndings])].join(', ')}, a folder of .bin files with y_labels.csv, a folder for each label, or a folder of images or sound.`));
  }
  return reader(file, options);
}

const readers: Readonly<Record<string, (file: string, options: DataOptions) => Promise<LoadedData>>> = { '.npz': loadNpz, '.npy': loadNpyFile, '.csv': loadCsv };

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
