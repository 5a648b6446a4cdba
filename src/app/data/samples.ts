import { ProblemError } from '../../base/problem';
import { elementCount } from '../../engine/ir/dtype';
import { appProblems } from '../problems';

/** Samples of one input, each `sampleShape`, flattened in order; labels are class indices. */
export interface SampleArray {
  readonly count: number;
  readonly sampleShape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly labels?: readonly number[];
}

/** Consecutive samples, counted from 0. */
export interface SampleRange {
  readonly from: number;
  readonly count: number;
}

/** The values of one sample. */
export function sampleAt(samples: SampleArray, index: number): Float64Array {
  const size = elementCount(samples.sampleShape);
  return Float64Array.from({ length: size }, (_, i) => samples.values[index * size + i]);
}

/** Samples by their indices, copied. */
export function pickSamples(samples: SampleArray, indices: readonly number[]): SampleArray {
  const size = elementCount(samples.sampleShape);
  const values = new Float32Array(indices.length * size);
  indices.forEach((index, at) => {
    for (let i = 0; i < size; i++) values[at * size + i] = samples.values[index * size + i];
  });
  return { count: indices.length, sampleShape: samples.sampleShape, values, ...(samples.labels ? { labels: indices.map((i) => samples.labels![i]) } : {}) };
}

/** A range of samples, refused where the data set has not so many. */
export function rangeOf(samples: SampleArray, range: SampleRange, what: string, path: string): SampleArray {
  const { from, count } = range;
  if (!Number.isInteger(from) || !Number.isInteger(count) || from < 0 || count < 1 || from + count > samples.count) {
    throw new ProblemError(appProblems.badData(path, `The ${what} samples ${from} to ${from + count - 1} were asked for; the data set has ${samples.count}, counted from 0.`));
  }
  return pickSamples(samples, Array.from({ length: count }, (_, i) => from + i));
}

/** Throws where values are not finite, or where labels are not one class index a sample. `name` is for the message. */
export function checkSamples(samples: SampleArray, name: string, path: string): SampleArray {
  const fail = (why: string): never => {
    throw new ProblemError(appProblems.badData(path, why));
  };
  const { count, sampleShape, values, labels } = samples;
  const size = elementCount(sampleShape);
  if (!count || !size) return fail(`${name} is empty.`);
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return fail(`${name} holds ${values[i]} in sample ${Math.floor(i / size)}.`);
  if (!labels) return samples;
  if (labels.length !== count) return fail(`There are ${labels.length} labels, expected ${count} class indices, one for each of ${name}.`);
  const bad = labels.findIndex((label) => !Number.isInteger(label) || label < 0);
  if (bad >= 0) return fail(`The label of sample ${bad} of ${name} is ${labels[bad]}; labels are class indices from 0.`);
  return samples;
}

/** Images [height, width, channels] turned for a model that takes [1, channels, height, width]; all else as it is. */
export function arranged(samples: SampleArray, inputShape: readonly number[]): SampleArray {
  const [height, width, channels] = samples.sampleShape;
  if (samples.sampleShape.length !== 3 || inputShape.length !== 4 || channels === 1) return samples;
  const isTurned = inputShape[1] === channels && inputShape[2] === height && inputShape[3] === width;
  if (!isTurned || samples.sampleShape.join() === inputShape.slice(1).join()) return samples;
  const area = height * width;
  const values = new Float32Array(samples.count * area * channels);
  for (let s = 0; s < samples.count; s++) {
    for (let i = 0; i < area; i++) for (let c = 0; c < channels; c++) values[(s * channels + c) * area + i] = samples.values[(s * area + i) * channels + c];
  }
  return { ...samples, sampleShape: inputShape.slice(1), values };
}
