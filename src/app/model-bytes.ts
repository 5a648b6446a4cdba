import { existsSync, readdirSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { nearest } from '../base/nearest';
import { ProblemError } from '../base/problem';
import { C_SOURCE, readCArrays, type CArray } from '../engine/formats/c-array/read';
import { isTflite } from '../engine/formats/tflite/read';
import type { LongFile } from '../engine/formats/long-file';
import { skeletonOf } from '../engine/formats/onnx/skeleton';
import { placeOf } from './model-place';
import { appProblems } from './problems';
import { readRange } from './read-range';
import { isSystemError } from './write-files';

export interface ModelBytes {
  /** Of the whole file, or, where `long` is there, of what says what it holds: a TFLite file's beginning, an ONNX file's skeleton. */
  readonly bytes: Uint8Array;
  readonly long?: LongFile;
}

/** Files beyond this are read by ranges: looking at a model needs none of its weights (docs/adr/0006). */
const WHOLE_FILE_BYTES = 8 * 2 ** 20;
/** What is read of a TFLite file at first: its tables stand in front where its weights are apart. */
const START_BYTES = 2 ** 20;

/** The bytes of a model: of the file, or of the array in a C source. */
export async function readModelBytes(model: string, wholeFileBytes = WHOLE_FILE_BYTES): Promise<ModelBytes> {
  const { file, array } = placeOf(model);
  if (C_SOURCE.test(file)) return { bytes: chooseArray(model, await readFile(file), array) };
  return longModel(file, wholeFileBytes) ?? { bytes: await readFile(file) };
}

function longModel(file: string, wholeFileBytes: number): ModelBytes | undefined {
  try {
    const { size } = statSync(file);
    if (size <= wholeFileBytes) return undefined;
    const long: LongFile = { fileBytes: size, read: (offset, length) => rangeOf(file, offset, length) };
    if (isTflite(long.read(0, 8))) return { bytes: long.read(0, Math.min(START_BYTES, wholeFileBytes)), long };
    // One protobuf message has at most 2 GiB, and so has an array that Node reads in one go.
    if (size >= 2 ** 31) throw new ProblemError(appProblems.tooLarge(file, size));
    const bytes = skeletonOf(long);
    return bytes && { bytes, long };
  } catch (error) {
    if (isSystemError(error)) throw missing(file, error);
    throw error;
  }
}

async function readFile(file: string): Promise<Uint8Array> {
  try {
    // Not the Buffer itself: its `slice` and `subarray` do not copy, which plain arrays' users rely on.
    const { buffer, byteOffset, byteLength } = await fs.readFile(file);
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  } catch (error) {
    if (isSystemError(error)) throw missing(file, error);
    throw error;
  }
}

/** A file that is not there may have a neighbour of nearly the same name. */
function missing(file: string, error: NodeJS.ErrnoException): ProblemError {
  const folder = path.dirname(file);
  const files = error.code === 'ENOENT' && existsSync(folder) ? readdirSync(folder) : [];
  const near = nearest(path.basename(file), files);
  return new ProblemError(appProblems.noFile(file, error.message, near && path.join(folder, near)));
}

/** Weights are read when they are asked for: by then the file may be another. */
function rangeOf(file: string, offset: number, length: number): Uint8Array {
  try {
    const bytes = readRange(file, offset, length);
    if (bytes.length < length) throw new ProblemError(appProblems.noFile(file, 'It has become shorter while it was read.'));
    return bytes;
  } catch (error) {
    if (isSystemError(error)) throw new ProblemError(appProblems.noFile(file, error.message));
    throw error;
  }
}

/** Arrays of a C source that may hold a model: those large enough to be one. */
export async function listModelArrays(file: string): Promise<readonly CArray[]> {
  return arraysIn(await readFile(file));
}

/** Smaller arrays are tables and test inputs, not models. */
const SMALLEST_MODEL_BYTES = 64;

const arraysIn = (source: Uint8Array): CArray[] => readCArrays(new TextDecoder().decode(source)).filter((array) => array.bytes.length >= SMALLEST_MODEL_BYTES);

function chooseArray(model: string, source: Uint8Array, wanted: string | undefined): Uint8Array {
  const arrays = arraysIn(source);
  const named = arrays.find((array) => array.name === wanted);
  if (named) return named.bytes;
  const models = arrays.filter((array) => isTflite(array.bytes));
  const candidates = models.length ? models : arrays;
  if (wanted === undefined && candidates.length === 1) return candidates[0].bytes;
  throw new ProblemError(appProblems.noArray(model, wanted, arrays.map((array) => array.name)));
}
