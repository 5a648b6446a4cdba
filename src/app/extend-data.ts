import path from 'node:path';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { loadDataset } from './data/dataset';
import { findModelData } from './data/project-file';
import { pickSamples, type SampleArray } from './data/samples';
import { writeNpz, type NpzArray } from './data/write-npz';
import type { ExtendDataReport, ExtendDataRequest } from './engine-contract';
import { openModel } from './model-file';
import { appProblems } from './problems';
import { exists, freeName, writeFiles } from './write-files';

/**
 * A new data set in which chosen test samples calibrate as well. They are no test samples any more: what is measured on the
 * rest stays honest.
 */
export async function extendData(request: ExtendDataRequest, task: Task): Promise<ExtendDataReport> {
  task.progress({ stage: 'Reading the data set' });
  const { data, looked, labels, options } = await findModelData(request.path, request.data);
  if (!data) throw new ProblemError(appProblems.noData(request.path, looked));
  const inputShape = (await exists(request.path)) ? await inputShapeOf(request.path, task) : undefined;
  const { calibration, validation, test } = await loadDataset(data, { ...(labels.length ? { classNames: labels } : {}), inputShape, ...options }, task);
  const chosen = new Set(request.samples.filter((index) => Number.isInteger(index) && index >= 0 && index < test.count));
  const left = Array.from({ length: test.count }, (_, i) => i).filter((i) => !chosen.has(i));
  if (chosen.size === 0 || left.length === 0) throw new ProblemError(appProblems.noSamples(data));
  const parts = { calibration: joined(calibration, pickSamples(test, [...chosen])), validation, test: pickSamples(test, left) };
  const out = await freeName(request.out ?? path.join(path.dirname(request.path), `${path.parse(data).name}.extended.npz`));
  const arrays: Record<string, NpzArray> = {};
  for (const [name, samples] of Object.entries(parts)) {
    if (!samples) continue;
    arrays[`x_${name}`] = { shape: [samples.count, ...samples.sampleShape], data: Float32Array.from(samples.values) };
    if (samples.labels) arrays[`y_${name}`] = { shape: [samples.count], data: Int32Array.from(samples.labels) };
  }
  await writeFiles([{ path: out, content: writeNpz(arrays) }], () => {});
  return { path: out, added: chosen.size, calibration: parts.calibration.count, test: parts.test.count };
}

/** What files of images or sound are brought to. */
async function inputShapeOf(model: string, task: Task): Promise<readonly number[] | undefined> {
  const { graph } = (await openModel(model, task)).canonical;
  const { shape } = graph.values.get(graph.inputs[0])!.type;
  return shape?.every((extent) => extent > 0) ? shape : undefined;
}

function joined(a: SampleArray, b: SampleArray): SampleArray {
  const labels = a.labels && b.labels ? { labels: [...a.labels, ...b.labels] } : {};
  const values = new Float32Array(a.values.length + b.values.length);
  values.set(Float32Array.from(a.values));
  values.set(Float32Array.from(b.values), a.values.length);
  return { count: a.count + b.count, sampleShape: a.sampleShape, values, ...labels };
}
