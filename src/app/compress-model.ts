import path from 'node:path';
import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { planProgram } from '../engine/codegen/program';
import { compressProblems } from '../engine/compress/problems';
import { calibratedValues, quantizeInt8, type Range } from '../engine/compress/quantize-int8';
import { writeOnnx } from '../engine/formats/onnx/write';
import { writeTflite } from '../engine/formats/tflite/write';
import { realValues } from '../engine/ir/tensor';
import type { Model, ValueId } from '../engine/ir/types';
import { opOf } from '../engine/ops/table';
import { Interpreter } from '../engine/verify/interpret';
import { accuracyOf, argmax } from './accuracy';
import { sampleAt, type Dataset, type SampleArray } from './data/dataset';
import type { CompressReport, CompressRequest, CompressSide } from './engine-contract';
import { reportOf } from './inspect-model';
import { datasetOf, inputOf } from './load-samples';
import { openModel, understand, type OpenModel } from './model-file';
import { appProblems } from './problems';
import { OrtRunner, type OrtModel } from './runners/ort-client';
import { exists, freeName, writeFiles } from './write-files';

/** Samples between two looks at the cancel flag and two reports. */
const STRIDE = 8;

/** A smaller model beside the original, which is never touched. Cancel and failure leave no file. */
export async function compressModel(request: CompressRequest, task: Task): Promise<CompressReport> {
  const open = await openModel(request.path, task);
  if (isQuantized(open.canonical)) throw new ProblemError(compressProblems.alreadyQuantized(request.path));
  const wanted = calibratedValues(open.canonical);
  if (!wanted.length) throw new ProblemError(compressProblems.nothingToQuantize(request.path));
  const out = await outputPath(request);
  const dataset = await datasetOf(open, request.data);

  const ranges = await withRunner(task, (runner) => calibrate(open.canonical, wanted, dataset.calibration, runner, task));
  task.progress({ stage: 'Quantizing' });
  const { value: quantized, problems } = quantizeInt8(open.canonical, ranges);
  const named = { ...quantized, name: path.basename(out) };
  const bytes = path.extname(out) === '.tflite' ? writeTflite(named) : writeOnnx(named).bytes;
  // What is reported is what a reader of the file will see, not what we meant to write.
  const result = understand(bytes, out);

  const before = await predictions(open, dataset.test, 'Testing the float model', task);
  const after = await predictions(result, dataset.test, 'Testing the int8 model', task);
  throwIfCancelled(task.signal);
  await writeFiles([{ path: out, content: bytes }], () => throwIfCancelled(task.signal));
  return {
    schema: 'tinyml-compress/1',
    source: request.path,
    out,
    before: sideOf(open, dataset.test, before),
    after: sideOf(result, dataset.test, after),
    calibrationSamples: dataset.calibration.count,
    changed: changes(dataset.test, before, after),
    problems: [...open.problems, ...problems],
  };
}

const isQuantized = (model: Model): boolean => model.graph.nodes.some((node) => opOf(node).scalesWeights && model.graph.values.get(node.outputs[0])!.type.quantization);

async function outputPath(request: CompressRequest): Promise<string> {
  const { dir, name } = path.parse(request.path);
  const out = request.out ?? path.join(dir, `${name}.${request.quantize}.onnx`);
  if (path.resolve(out) === path.resolve(request.path)) throw new ProblemError(appProblems.outExists(out));
  if (request.replace || !(await exists(out))) return out;
  if (request.out) throw new ProblemError(appProblems.outExists(out));
  return freeName(out);
}

async function withRunner<T>(task: Task, work: (runner: OrtRunner) => Promise<T>): Promise<T> {
  const runner = new OrtRunner(task.signal);
  try {
    return await work(runner);
  } finally {
    runner.close();
  }
}

/** Smallest and largest number of each value over all calibration samples, as onnxruntime computes them. */
async function calibrate(model: Model, wanted: readonly ValueId[], samples: SampleArray, runner: OrtRunner, task: Task): Promise<Map<ValueId, Range>> {
  const { bytes, exposed } = writeOnnx(model, { expose: wanted });
  const loaded = await runner.load(bytes);
  const input = model.graph.values.get(model.graph.inputs[0])!;
  const ranges = new Map<ValueId, Range>(wanted.map((id) => [id, { min: Infinity, max: -Infinity }]));
  for (let index = 0; index < samples.count; index++) {
    if (index % STRIDE === 0) task.progress({ stage: 'Calibrating', done: index, total: samples.count });
    throwIfCancelled(task.signal);
    const sample = Float32Array.from(sampleAt(samples, index));
    const seen = await runSample(loaded, sample, input.type.shape!);
    wanted.forEach((id, i) => {
      const data = exposed[i] === loaded.inputs[0] ? sample : seen[exposed[i]];
      ranges.set(id, widened(ranges.get(id)!, data));
    });
  }
  for (const [id, range] of ranges) {
    if (!Number.isFinite(range.min) || !Number.isFinite(range.max)) {
      throw new ProblemError(compressProblems.badData(model.name, `${model.graph.values.get(id)!.name} becomes NaN or infinite on these samples.`));
    }
  }
  return ranges;
}

async function runSample(model: OrtModel, sample: Float32Array, shape: readonly number[]): Promise<Record<string, ArrayLike<number>>> {
  const results = await model.run({ [model.inputs[0]]: { type: 'float32', shape, data: sample } });
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as ArrayLike<number>]));
}

function widened(range: Range, data: ArrayLike<number>): Range {
  let { min, max } = range;
  for (let i = 0; i < data.length; i++) {
    if (data[i] < min) min = data[i];
    if (data[i] > max) max = data[i];
    if (Number.isNaN(data[i])) return { min: NaN, max: NaN };
  }
  return { min, max };
}

/**
 * Class of each labelled test sample by the reference interpreter: the arithmetic of the generated C on both sides, so that
 * the difference is the quantization's alone.
 */
async function predictions(open: OpenModel, test: SampleArray, stage: string, task: Task): Promise<number[]> {
  if (!test.labels) return [];
  const interpreter = new Interpreter(open.lowered);
  const result: number[] = [];
  for (let index = 0; index < test.count; index++) {
    if (index % STRIDE === 0) {
      task.progress({ stage, done: index, total: test.count });
      await new Promise((resolve) => setImmediate(resolve));
      throwIfCancelled(task.signal);
    }
    const [output] = interpreter.run([inputOf(open.lowered, sampleAt(test, index))]);
    result.push(argmax(realValues(output)));
  }
  return result;
}

function sideOf(open: OpenModel, test: SampleArray, predicted: readonly number[]): CompressSide {
  const { totals, model } = reportOf(open, planProgram(open.lowered, 'c99'), []);
  const { macs, weightBytes, flashBytes, ramBytes } = totals;
  const right = predicted.filter((label, i) => label === test.labels![i]).length;
  return { fileBytes: model.fileBytes, macs, weightBytes, flashBytes, ramBytes, ...(test.labels ? { accuracy: accuracyOf(right, predicted.length) } : {}) };
}

function changes(test: Dataset['test'], before: readonly number[], after: readonly number[]): CompressReport['changed'] {
  const { labels } = test;
  if (!labels) return undefined;
  const count = (was: boolean, is: boolean): number => labels.filter((label, i) => (before[i] === label) === was && (after[i] === label) === is).length;
  return { worse: count(true, false), better: count(false, true) };
}

