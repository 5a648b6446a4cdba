import fs from 'node:fs/promises';
import { ProblemError } from '../base/problem';
import { C_SOURCE, readCArrays, type CArray } from '../engine/formats/c-array/read';
import { isTflite } from '../engine/formats/tflite/read';
import { appProblems } from './problems';
import { isSystemError } from './write-files';

/** A model's place: a file, or an array in a C source written as `file#array`. */
export interface ModelPlace {
  readonly file: string;
  readonly array?: string;
}

export function placeOf(path: string): ModelPlace {
  const hash = path.lastIndexOf('#');
  const file = path.slice(0, hash);
  return hash > 0 && C_SOURCE.test(file) ? { file, array: path.slice(hash + 1) } : { file: path };
}

/** The bytes of a model: of the file, or of the array in a C source. */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  const { file, array } = placeOf(path);
  const bytes = await readFile(file);
  return C_SOURCE.test(file) ? chooseArray(path, bytes, array) : bytes;
}

async function readFile(file: string): Promise<Uint8Array> {
  try {
    // Not the Buffer itself: its `slice` and `subarray` do not copy, which plain arrays' users rely on.
    const { buffer, byteOffset, byteLength } = await fs.readFile(file);
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
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

function chooseArray(path: string, source: Uint8Array, wanted: string | undefined): Uint8Array {
  const arrays = arraysIn(source);
  const named = arrays.find((array) => array.name === wanted);
  if (named) return named.bytes;
  const models = arrays.filter((array) => isTflite(array.bytes));
  const candidates = models.length ? models : arrays;
  if (wanted === undefined && candidates.length === 1) return candidates[0].bytes;
  throw new ProblemError(appProblems.noArray(path, wanted, arrays.map((array) => array.name)));
}
