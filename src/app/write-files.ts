import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../base/problem';
import { appProblems } from './problems';

export interface OutputFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/**
 * Writes files all or none: each under a temporary name in its folder, then renamed. A failure or a cancel before the
 * renames leaves nothing behind.
 */
export async function writeFiles(files: readonly OutputFile[], checkpoint: () => void = () => {}): Promise<void> {
  const written: { temporary: string; target: string }[] = [];
  try {
    for (const file of files) {
      checkpoint();
      await fs.mkdir(path.dirname(file.path), { recursive: true });
      const temporary = path.join(path.dirname(file.path), `.${path.basename(file.path)}.${process.pid}.part`);
      written.push({ temporary, target: file.path });
      await fs.writeFile(temporary, file.content);
    }
    checkpoint();
    for (const { temporary, target } of written) await fs.rename(temporary, target);
  } catch (error) {
    await Promise.all(written.map(({ temporary }) => fs.rm(temporary, { force: true })));
    if (isSystemError(error)) throw new ProblemError(appProblems.cannotWrite(files[Math.max(0, written.length - 1)]?.path ?? '', error.message));
    throw error;
  }
}

export const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error;

export async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(() => true, () => false);
}

/** `digits.int8.onnx`, or `digits.int8-2.onnx` where that exists: the first name that is free. */
export async function freeName(file: string): Promise<string> {
  const { dir, name, ext } = path.parse(file);
  for (let n = 1; ; n++) {
    const candidate = path.join(dir, n === 1 ? `${name}${ext}` : `${name}-${n}${ext}`);
    if (!(await exists(candidate))) return candidate;
  }
}
