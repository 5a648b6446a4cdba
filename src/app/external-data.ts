import fs from 'node:fs';
import path from 'node:path';
import { ProblemError } from '../base/problem';
import type { ExternalReader } from '../engine/formats/onnx/tensor-proto';
import type { LongFile } from '../engine/formats/long-file';
import { THIS_FILE } from '../engine/formats/onnx/skeleton';
import { appProblems } from './problems';
import { readRange } from './read-range';
import { isSystemError } from './write-files';

/**
 * Reads tensor data from files beside a model, as much as is asked for. A model is somebody else's file: it may name only
 * regular files inside of its own folder, also after links are followed.
 */
export function externalReader(modelPath: string, itself?: LongFile, onOtherFile?: () => void): ExternalReader {
  const resolved = new Map<string, { readonly file: string; readonly size: number }>();
  return ({ location, offset, length }, tensor) => {
    // Weights inside of the model's own file, which is read by ranges.
    if (location === THIS_FILE && itself) return itself.read(offset, length ?? itself.fileBytes - offset);
    onOtherFile?.();
    let found = resolved.get(location);
    if (!found) resolved.set(location, (found = insideFolder(modelPath, location, tensor)));
    const { file, size } = found;
    const wanted = length ?? size - offset;
    if (offset + wanted > size) throw new ProblemError(appProblems.externalTooShort(modelPath, tensor, location, offset + wanted, size));
    const bytes = readRange(file, offset, wanted);
    if (bytes.length < wanted) throw new ProblemError(appProblems.externalTooShort(modelPath, tensor, location, offset + wanted, offset + bytes.length));
    return bytes;
  };
}

function insideFolder(modelPath: string, location: string, tensor: string): { file: string; size: number } {
  const refuse = (): never => {
    throw new ProblemError(appProblems.externalOutside(modelPath, tensor, location));
  };
  const parts = location.split(/[\\/]/);
  // Windows paths are refused everywhere: a model must mean the same on every machine.
  if (location === '' || location.includes('\0') || path.posix.isAbsolute(location) || path.win32.isAbsolute(location) || /^[a-z]:/i.test(location) || parts.includes('..')) refuse();
  const folder = path.dirname(path.resolve(modelPath));
  try {
    const file = fs.realpathSync(path.join(folder, ...parts));
    const inside = path.relative(fs.realpathSync(folder), file);
    if (inside.startsWith('..') || path.isAbsolute(inside)) refuse();
    const facts = fs.statSync(file);
    if (!facts.isFile()) refuse();
    return { file, size: facts.size };
  } catch (error) {
    if (isSystemError(error)) throw new ProblemError(appProblems.externalMissing(modelPath, tensor, location, error.message));
    throw error;
  }
}
