import fs from 'node:fs';

/** `length` bytes of a file from `offset` on; fewer where the file ends before. */
export function readRange(file: string, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (length === 0) return bytes;
  const handle = fs.openSync(file, 'r');
  try {
    let done = 0;
    while (done < length) {
      const count = fs.readSync(handle, bytes, done, length - done, offset + done);
      if (count === 0) return bytes.subarray(0, done);
      done += count;
    }
  } finally {
    fs.closeSync(handle);
  }
  return bytes;
}
