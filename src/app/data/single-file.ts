import { ProblemError } from '../../base/problem';
import { elementCount } from '../../engine/ir/dtype';
import { appProblems } from '../problems';
import type { DataOptions, LoadedData } from './dataset';
import { readSampleFile } from './sample-files';

/**
 * One file of sound or one image, without labels: an image is one sample; sound, or what the front end makes of it, is cut into
 * samples of the model's length, one behind the other, what is left at the end dropped.
 */
export async function loadSingleFile(file: string, options: DataOptions): Promise<LoadedData> {
  const { shape, data, rateHz } = await readSampleFile(file, options, true);
  const values = Float32Array.from(data);
  const wanted = options.inputShape && elementCount(options.inputShape);
  if (rateHz === undefined || wanted === undefined || values.length === wanted) return { all: { count: 1, sampleShape: shape, values } };
  if (values.length < wanted) {
    if (!options.padOrCut) throw new ProblemError(appProblems.badData(file, `It holds ${values.length} ${shape.length > 1 ? 'numbers of features' : 'samples of sound'}; the model takes ${wanted} at once. --pad-or-cut puts silence behind it.`));
    const padded = await readSampleFile(file, options);
    return { all: { count: 1, sampleShape: padded.shape, values: Float32Array.from(padded.data) } };
  }
  const count = Math.floor(values.length / wanted);
  const rows = wanted / (shape[1] ?? 1);
  const sampleShape = shape.length > 1 && Number.isInteger(rows) ? [rows, shape[1]] : [wanted];
  return { all: { count, sampleShape, values: values.subarray(0, count * wanted) } };
}
