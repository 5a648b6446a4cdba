import fs from 'node:fs/promises';

/** Tells one state of a file from another. @throws where there is no such file */
export async function fileStamp(file: string): Promise<string> {
  const { mtimeMs, size } = await fs.stat(file);
  return `${mtimeMs} ${size}`;
}
