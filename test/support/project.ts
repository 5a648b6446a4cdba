/** Where things are. Tests run from the project's root (scripts/test.mjs sees to it), also inside the extension host. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const root = process.env.TINYML_ROOT ?? process.cwd();
export const toolsFolder = path.join(root, '.tools');
export const screenshotsFolder = path.join(root, 'out', 'screenshots');

/** A folder of its own for a test; the caller removes it. */
export const temporaryFolder = (name: string): string => fs.mkdtempSync(path.join(os.tmpdir(), `tinyml-${name}-`));

/** A copy of samples/ that a test may write into. The caller removes the folder. */
export function copySamples(): string {
  const folder = path.join(temporaryFolder('workspace'), 'samples');
  fs.cpSync(path.join(root, 'samples'), folder, { recursive: true, filter: isCommittedSample });
  return folder;
}

/** What someone made while playing with the samples is not part of them (the same as .gitignore says). */
const isCommittedSample = (file: string): boolean => !/\.int8\.onnx$|-c$|(^|[\\/])(\.tinyml|__pycache__)$/.test(file);

/** A file or folder of the material that lies beside the project (models, official test cases); undefined where it is absent. */
export function sharedFile(name: string): string | undefined {
  const file = path.join(process.env.TINYML_SHARED ?? path.join(root, '..', 'shared'), name);
  return fs.existsSync(file) ? file : undefined;
}
