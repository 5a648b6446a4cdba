import { ProblemError } from '../../base/problem';
import { appProblems } from '../problems';
import type { DataOptions, LoadedData } from './dataset';
import { readSample } from './label-folders';

/**
 * One `.wav` or `.bmp`, without labels: an image is one sample; sound is cut into samples of the model's length, one behind the
 * other, what is left at the end dropped. `scale` and `zeroPoint` are as in a folder for each label.
 */
export async function loadSingleFile(file: string, { scale = 1, zeroPoint = 0, sampleElements }: DataOptions): Promise<LoadedData> {
  const { shape, data } = await readSample(file);
  const values = Float32Array.from(data, (value) => (value - zeroPoint) * scale);
  const isSound = shape.length === 1;
  if (!isSound || sampleElements === undefined || values.length <= sampleElements) {
    if (isSound && sampleElements !== undefined && values.length < sampleElements) {
      throw new ProblemError(appProblems.badData(file, `It holds ${values.length} samples of sound; the model takes ${sampleElements} at once.`));
    }
    return { all: { count: 1, sampleShape: shape, values } };
  }
  const count = Math.floor(values.length / sampleElements);
  return { all: { count, sampleShape: [sampleElements], values: values.subarray(0, count * sampleElements) } };
}
