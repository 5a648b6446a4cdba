import fs from 'node:fs/promises';
import path from 'node:path';
import type { FirmwareFile } from '../firmware/project';

/** Writes what is not yet so on disk; a file is never seen half written. */
export async function writeSources(folder: string, files: readonly FirmwareFile[]): Promise<void> {
  for (const file of files) {
    const outside = path.isAbsolute(file.path) || file.path.split(/[\\/]/).includes('..');
    if (outside) throw new Error(`Source path outside of the build folder: ${file.path}`);
    await writeIfChanged(path.join(folder, file.path), file.text);
  }
}

export async function writeIfChanged(target: string, content: string): Promise<void> {
  const current = await fs.readFile(target, 'utf8').catch(() => undefined);
  if (current === content) return;
  await fs.mkdir(path.dirname(target), { recursive: true });
  await fs.writeFile(`${target}.new`, content);
  await fs.rename(`${target}.new`, target);
}
