import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import { elementCount } from '../../engine/ir/dtype';
import { appProblems } from '../problems';
import { isSystemError } from '../write-files';
import type { DataOptions } from './dataset';
import { parseBmp } from './image/bmp';
import { parseJpeg } from './image/jpeg';
import { withChannels, type Picture } from './image/picture';
import { parsePng } from './image/png';
import { parsePnm } from './image/pnm';
import { resized } from './image/resize';
import { readNpy } from './npz';
import { columnsOf, featuresOf, soundLength } from './sound/front-end';
import { FrontEndError, parseFrontEnd, type FrontEnd } from './sound/front-end-options';
import { resampled } from './sound/resample';
import { parseWav, type Sound } from './sound/wav';
import { UnreadableError } from './unreadable';

/** The numbers of one file, as the model takes them. */
export interface FileSample {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Of sound: samples a second. */
  readonly rateHz?: number;
}

const pictures: Readonly<Record<string, (bytes: Uint8Array) => Picture>> = { '.png': parsePng, '.jpg': parseJpeg, '.jpeg': parseJpeg, '.bmp': parseBmp, '.pgm': parsePnm, '.ppm': parsePnm };
const SOUND = '.wav';

/** Endings of files that hold one sample. */
export const sampleEndings: readonly string[] = ['.npy', SOUND, ...Object.keys(pictures)];
export const isSampleFile = (name: string): boolean => sampleEndings.includes(path.extname(name).toLowerCase());

/**
 * The sample in a file: an array as it is, an image in the model's channels and, where that was asked for, size, sound in the
 * stated rate, or what the front end makes of it. `scale` and `zeroPoint` come last: value = scale * (x - zeroPoint).
 *
 * @param isWhole sound may be longer than one sample: it is left whole
 * @throws ProblemError naming the file, what is wrong with it, and what was expected
 */
export async function readSampleFile(file: string, options: DataOptions, isWhole = false): Promise<FileSample> {
  const { scale = 1, zeroPoint = 0 } = options;
  const sample = await read(file, options, isWhole);
  if (scale === 1 && zeroPoint === 0) return sample;
  return { ...sample, data: Float32Array.from(sample.data, (x) => (x - zeroPoint) * scale) };
}

async function read(file: string, options: DataOptions, isWhole: boolean): Promise<FileSample> {
  const ending = path.extname(file).toLowerCase();
  try {
    if (ending === '.npy') return await readNpy(file);
    const bytes = await fs.readFile(file);
    return ending === SOUND ? fromSound(parseWav(bytes), options, isWhole) : fromPicture(pictures[ending](bytes), options);
  } catch (error) {
    if (error instanceof UnreadableError || error instanceof FrontEndError) throw new ProblemError(appProblems.badData(file, `${path.basename(file)} cannot be used: ${error.message}.`));
    if (isSystemError(error)) throw new ProblemError(appProblems.noFile(file, error.message));
    throw error;
  }
}

/** Height, width and channels that a model takes images in; undefined where its input is none. */
function imageOf(shape: readonly number[] | undefined): { height: number; width: number; channels: 1 | 3 } | undefined {
  if (shape?.length !== 4) return undefined;
  const isChannels = (extent: number): extent is 1 | 3 => extent === 1 || extent === 3;
  const [, first, second, last] = shape;
  if (isChannels(last)) return { height: first, width: second, channels: last };
  return isChannels(first) ? { height: second, width: last, channels: first } : undefined;
}

function fromPicture(found: Picture, { inputShape, resize, mean = [0], std = [1] }: DataOptions): FileSample {
  const wanted = imageOf(inputShape);
  let picture = wanted ? withChannels(found, wanted.channels) : found;
  if (wanted && (picture.width !== wanted.width || picture.height !== wanted.height)) {
    if (!resize) throw new UnreadableError(`it has ${picture.width}×${picture.height} pixels, the model takes ${wanted.width}×${wanted.height}: let it be resized (--resize-images stretch or crop), or bring images of that size`);
    picture = resized(picture, wanted.width, wanted.height, resize);
  }
  const { width, height, channels, data } = picture;
  for (const list of [mean, std]) if (list.length !== 1 && list.length !== channels) throw new UnreadableError(`${list.length} numbers normalize its ${channels} channels: expected one, or one for each`);
  if (std.some((deviation) => !(deviation > 0))) throw new UnreadableError(`a deviation of ${std.join(', ')} normalizes nothing: expected positive numbers`);
  const of = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i % channels];
  return { shape: [height, width, channels], data: data.map((x, i) => (x - of(mean, i)) / of(std, i)) };
}

function fromSound(found: Sound, options: DataOptions, isWhole: boolean): FileSample {
  const frontEnd = options.frontEnd === undefined ? undefined : parseFrontEnd(options.frontEnd);
  const rateHz = frontEnd?.rateHz ?? options.rate ?? found.rateHz;
  if (found.rateHz !== rateHz && !options.resample) throw new UnreadableError(`it has ${found.rateHz} samples a second, the model takes ${rateHz}: let it be converted (--resample), or bring sound at that rate`);
  const sound = resampled(found.data, found.rateHz, rateHz);
  const elements = options.inputShape && elementCount(options.inputShape);
  const length = isWhole || elements === undefined ? undefined : lengthFor(elements, frontEnd);
  const fitting = length !== undefined && options.padOrCut ? padOrCut(sound, length) : sound;
  if (!frontEnd) return { shape: [fitting.length], data: fitting, rateHz };
  const { rows, columns, data } = featuresOf(fitting, frontEnd);
  if (rows === 0) throw new UnreadableError(`it lasts ${((1000 * fitting.length) / rateHz).toFixed(1)} ms, less than one window of ${frontEnd.windowMs} ms`);
  return { shape: [rows, columns], data, rateHz };
}

/** Samples of sound that become so many numbers. */
function lengthFor(elements: number, frontEnd: FrontEnd | undefined): number {
  if (!frontEnd) return elements;
  const columns = columnsOf(frontEnd);
  if (elements % columns) throw new FrontEndError(`the model takes ${elements} numbers, which are no rows of the front end's ${columns}`);
  return soundLength(frontEnd, elements / columns);
}

/** With silence behind it, or without its end. */
function padOrCut(sound: Float32Array, length: number): Float32Array {
  if (sound.length >= length) return sound.subarray(0, length);
  const longer = new Float32Array(length);
  longer.set(sound);
  return longer;
}
