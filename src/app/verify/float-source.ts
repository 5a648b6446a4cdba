import fs from 'node:fs/promises';
import path from 'node:path';
import { stemsOf } from '../data/project-file';

/**
 * The float model that a compressed one was made from, by its name: `digits.int8.onnx` from `digits.onnx`.
 * Undefined where there is none.
 */
export async function floatSourceOf(model: string): Promise<string | undefined> {
  const folder = path.dirname(model);
  for (const stem of stemsOf(path.basename(model)).slice(1)) {
    for (const ending of ['.onnx', '.tflite']) {
      const candidate = path.join(folder, `${stem}${ending}`);
      if (await fs.access(candidate).then(() => true, () => false)) return candidate;
    }
  }
  return undefined;
}
