import fs from 'node:fs/promises';
import path from 'node:path';
import { ProblemError } from '../../base/problem';
import * as problems from './problems';

/** What `flasher_args.json` of an ESP-IDF build says, as far as it is used. Source: ESP-IDF Programming Guide, "Flashing with idf.py", esptool's "merge_bin". */
interface FlasherArgs {
  /** Offsets in flash, in hexadecimal, and files relative to the build folder. */
  readonly flash_files?: Readonly<Record<string, string>>;
}

/** Flash that nothing was written to. */
const ERASED = 0xff;

/** No chip of this family has more. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Bootloader, partition table and application in one file, from offset 0: what our uploader writes onto a chip that may be empty. */
export async function mergeEspImage(buildFolder: string, name: string): Promise<void> {
  const file = path.join(buildFolder, 'flasher_args.json');
  const text = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ProblemError(problems.noFlasherArgs(file, 'it is not there'));
  const parts: { offset: number; bytes: Buffer }[] = [];
  for (const [key, part] of Object.entries(flashFilesOf(file, text))) {
    const [offset, from] = [Number(key), path.resolve(buildFolder, part)];
    if (!Number.isInteger(offset) || offset < 0 || path.relative(buildFolder, from).startsWith('..')) throw new ProblemError(problems.noFlasherArgs(file, `it places ${JSON.stringify(part)} at ${JSON.stringify(key)}`));
    const bytes = await fs.readFile(from);
    if (offset + bytes.length > MOST_BYTES) throw new ProblemError(problems.noFlasherArgs(file, `${part} would end at ${offset + bytes.length} bytes`));
    parts.push({ offset, bytes });
  }
  const merged = Buffer.alloc(Math.max(0, ...parts.map(({ offset, bytes }) => offset + bytes.length)), ERASED);
  for (const { offset, bytes } of parts) bytes.copy(merged, offset);
  await fs.writeFile(path.join(buildFolder, `${name}.new`), merged);
  await fs.rename(path.join(buildFolder, `${name}.new`), path.join(buildFolder, name));
}

function flashFilesOf(file: string, text: string): Readonly<Record<string, string>> {
  let args: FlasherArgs | null;
  try {
    args = JSON.parse(text) as FlasherArgs | null;
  } catch (error) {
    throw new ProblemError(problems.noFlasherArgs(file, (error as Error).message));
  }
  const files = args?.flash_files;
  if (!files || typeof files !== 'object' || !Object.values(files).every((name) => typeof name === 'string')) throw new ProblemError(problems.noFlasherArgs(file, 'it lists no flash_files'));
  return files;
}
