import fs from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';

/** Models, data and recorded outputs that are too large for this repository: a folder `shared` beside it. */
const shared = path.resolve('..', 'shared');

/** A path in the shared folder; the test is skipped, saying so, where it does not exist. */
export function sharedOrSkip(context: Context, ...parts: string[]): string {
  const file = path.join(shared, ...parts);
  if (!fs.existsSync(file)) {
    console.log(`      skipped: ${path.relative(process.cwd(), file)} does not exist`);
    context.skip();
  }
  return file;
}

export function readBytes(file: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = fs.readFileSync(file);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

export const readJson = <T>(file: string): T => JSON.parse(fs.readFileSync(file, 'utf8')) as T;
