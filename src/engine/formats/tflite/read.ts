import { ProblemError, type Problem } from '../../../base/problem';
import type { Model } from '../../ir/types';
import { decodeRoot, FlatBufferError } from './flatbuffer';
import { importMain } from './import-graph';
import { readMetadata } from './metadata';
import { tfliteProblems } from './problems';
import { FILE_IDENTIFIER, schema, SCHEMA_VERSION, type ModelTable } from './schema';

/** True for a file that says it is a TFLite model, whatever its name. */
export const isTflite = (bytes: Uint8Array): boolean => bytes.length >= 8 && String.fromCharCode(...bytes.subarray(4, 8)) === FILE_IDENTIFIER;

/**
 * A TFLite file as a model. Weights stay views into `bytes`. Throws `ProblemError` where the bytes are no TFLite model; what is
 * in the model but not understood is reported and becomes opaque.
 */
export function readTflite(bytes: Uint8Array, path: string): { model: Model; problems: readonly Problem[] } {
  if (!isTflite(bytes)) throw new ProblemError(tfliteProblems.notTflite(path, `It does not say ${FILE_IDENTIFIER} at byte 4.`));
  const table = decodeModel(bytes, path);
  const problems: Problem[] = [];
  const version = table.version ?? 0;
  if (version !== SCHEMA_VERSION) problems.push(tfliteProblems.version(path, version));
  const file = { bytes, buffers: table.buffers ?? [] };
  const rounding = 'tflite-double-round';
  const graph = importMain({ model: table, file, rounding, problems });
  const model: Model = {
    name: baseName(path),
    format: 'tflite',
    fileBytes: bytes.length,
    producer: table.description ?? '',
    rounding,
    graph,
    metadata: readMetadata(table, file),
    opsets: new Map(),
  };
  return { model, problems };
}

function decodeModel(bytes: Uint8Array, path: string): ModelTable {
  try {
    return decodeRoot(schema, 'Model', bytes) as ModelTable;
  } catch (error) {
    if (!(error instanceof FlatBufferError)) throw error;
    throw new ProblemError(tfliteProblems.truncated(path, error.offset, bytes.length, error.message));
  }
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
