import fs from 'node:fs';
import path from 'node:path';

/**
 * Absolute path of one of our own programs in `dist`, from wherever the calling bundle runs: beside it, or from the package's root
 * (pieces read on demand lie in `dist/chunks`, tests in `out`).
 */
export function programPath(name: 'cli' | 'ort-runner' | 'avr-simulator' | 'rp2040-simulator'): string {
  const file = `${name}.js`;
  const beside = path.join(__dirname, file);
  if (fs.existsSync(beside)) return beside;
  for (let folder = __dirname; path.dirname(folder) !== folder; folder = path.dirname(folder)) {
    const built = path.join(folder, 'dist', file);
    if (fs.existsSync(built)) return built;
  }
  throw new Error(`${file} has not been built`);
}
