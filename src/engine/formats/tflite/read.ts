import { ProblemError, type Problem } from '../../../base/problem';
import type { Model } from '../../ir/types';
import type { LongFile } from '../long-file';
import { decodeRoot, FlatBufferError } from './flatbuffer';
import { importMain } from './import-graph';
import { readMetadata } from './metadata';
import { tfliteProblems } from './problems';
import { FILE_IDENTIFIER, schema, SCHEMA_VERSION, type ModelTable } from './schema';

/** True for a file that says it is a TFLite model, whatever its name. */
export const isTflite = (bytes: Uint8Array): boolean => bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === FILE_IDENTIFIER;

/**
 * A TFLite file as a model. Weights stay views into `bytes`; those that a long file has behind its tables are read when they
 * are first asked for. Throws `ProblemError` where the bytes are no TFLite model; what is
 * in the model but not understood is reported and becomes opaque.
 */
export function readTflite(start: Uint8Array, path: string, long?: LongFile): { model: Model; problems: readonly Problem[] } {
  if (!isTflite(start)) throw new ProblemError(tfliteProblems.notTflite(path, `It does not say ${FILE_IDENTIFIER} at byte 4.`));
  const { table, bytes } = decodeModel(start, path, long);
  const problems: Problem[] = [];
  const version = table.version ?? 0;
  if (version !== SCHEMA_VERSION) problems.push(tfliteProblems.version(path, version));
  const file = { bytes, buffers: table.buffers ?? [], long };
  const rounding = 'tflite-double-round';
  const graph = importMain({ model: table, file, rounding, problems });
  const model: Model = {
    name: baseName(path),
    format: 'tflite',
    fileBytes: long?.fileBytes ?? bytes.length,
    producer: table.description ?? '',
    rounding,
    graph,
    metadata: readMetadata(table, file),
    opsets: new Map(),
  };
  return { model, problems };
}

/** How much more of a file is read where its tables go on: most of those that do hold the weights themselves. */
const TABLES_GROW = 8;
/** FlatBuffers count with 31 bits; what lies behind is pointed at by offsets of 64. */
const MAX_TABLE_BYTES = 2 ** 31 - 1;

/** The tables, and as much of the file's beginning as they take: where they end, only they say. */
function decodeModel(bytes: Uint8Array, path: string, long: LongFile | undefined): { table: ModelTable; bytes: Uint8Array } {
  try {
    return { table: decodeRoot(schema, 'Model', bytes) as ModelTable, bytes };
  } catch (error) {
    if (!(error instanceof FlatBufferError)) throw error;
    const more = Math.min(TABLES_GROW * bytes.length, long?.fileBytes ?? 0, MAX_TABLE_BYTES);
    if (long && more > bytes.length) return decodeModel(long.read(0, more), path, long);
    throw new ProblemError(tfliteProblems.truncated(path, error.offset, bytes.length, error.message));
  }
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
