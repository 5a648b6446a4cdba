import path from 'node:path';
import { throwIfCancelled } from '../base/cancel';
import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { estimateRanges } from '../engine/compress/estimate-ranges';
import { activationsToMeasure } from '../engine/compress/plan';
import { compressProblems } from '../engine/compress/problems';
import { quantizeModel } from '../engine/compress/quantize-model';
import { writeOnnx } from '../engine/formats/onnx/write';
import { writeTflite } from '../engine/formats/tflite/write';
import type { Model } from '../engine/ir/types';
import { opOf } from '../engine/ops/table';
import { softmax } from '../engine/ops/softmax/op';
import { accuracyOf, confusionOf, mcnemar } from './accuracy';
import { build } from './compress/build';
import { Deadline } from './compress/deadline';
import { formsOf } from './compress/forms';
import { quantizeKinds } from './compress/kinds';
import { Lab } from './compress/lab';
import { layerErrors } from './compress/layer-errors';
import { predictions } from './compress/predict';
import { sizeOf } from './compress/size';
import { timed } from './compress/timed-progress';
import { worstLayers } from './compress/worst-layers';
import { checkVaries, type Dataset } from './data/dataset';
import type { SampleArray } from './data/samples';
import type { CompressReport, CompressRequest, CompressSide, MethodReport } from './engine-contract';
import { datasetOf } from './load-samples';
import { openModel, understand, type OpenModel } from './model-file';
import { appProblems } from './problems';
import { OrtRunner } from './runners/ort-client';
import { exists, freeName, writeFiles } from './write-files';

const DEFAULT_TIME_LIMIT_SECONDS = 120;

/** A smaller model beside the original, which is never touched. Cancel and failure leave no file. */
export async function compressModel(request: CompressRequest, untimed: Task): Promise<CompressReport> {
  const task = timed(untimed);
  if (!(request.quantize in quantizeKinds)) throw new ProblemError(appProblems.unknownChoice('kind of quantization', request.quantize, Object.keys(quantizeKinds)));
  const open = await openModel(request.path, task, request);
  if (isQuantized(open.canonical)) throw new ProblemError(compressProblems.alreadyQuantized(request.path));
  if (!activationsToMeasure(open.canonical.graph).length) throw new ProblemError(compressProblems.nothingToQuantize(request.path));
  const out = await outputPath(request);
  const made = request.dataFree ? withoutData(open, request, task) : await withData(open, request, task);

  const named = { ...made.quantized, name: path.basename(out) };
  const bytes = path.extname(out).toLowerCase() === '.tflite' ? writeTflite(named) : writeOnnx(named).bytes;
  // What is reported is what a reader of the file will see, not what we meant to write.
  const result = understand(bytes, out);
  const before = made.test ? await predictions(open, made.test, 'Testing the float model', task) : [];
  const after = made.test ? await predictions(result, made.test, `Testing the ${request.quantize} model`, task) : [];
  throwIfCancelled(task.signal);
  await writeFiles([{ path: out, content: bytes }], () => throwIfCancelled(task.signal));
  const sides = { before: sideOf(open, made.test, before), after: sideOf(result, made.test, after) };
  const unsupported = sides.after.withoutKernels ?? [];
  return {
    schema: 'tinyml-compress/1',
    source: request.path,
    out,
    kind: request.quantize,
    ...sides,
    calibration: request.dataFree ? 'data-free' : 'data',
    calibrationSamples: made.calibrationSamples,
    method: made.method,
    ...(made.test?.labels ? paired(made.test.labels, before, after) : {}),
    layers: made.layers,
    worst: made.worst,
    problems: [...open.problems, ...made.problems, ...(unsupported.length ? [compressProblems.noKernels(unsupported)] : [])],
  };
}

interface Made extends Pick<CompressReport, 'method' | 'layers' | 'worst' | 'problems' | 'calibrationSamples'> {
  readonly quantized: Model;
  readonly test?: SampleArray;
}

async function withData(open: OpenModel, request: CompressRequest, task: Task): Promise<Made> {
  const dataset: Dataset = await datasetOf(open, request.data, request.dataOptions);
  checkVaries(dataset.calibration, dataset.path);
  const deadline = new Deadline(request.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS);
  const runner = new OrtRunner(task.signal);
  try {
    const lab = new Lab(open.canonical, runner, task, dataset.path, deadline);
    const { candidate, recipe, trials, check, judged } = await build(lab, open, request, dataset, deadline);
    const layers = await layerErrors(lab, candidate, check);
    const worst = await worstLayers(lab, candidate, layers, check, deadline);
    const method: MethodReport = {
      ranges: recipe.ranges,
      steps: [...(recipe.equalize ? ['equalize' as const] : []), ...(recipe.absorb ? ['absorb' as const] : []), ...(recipe.weights === 'nearest' ? [] : [recipe.weights]), ...(recipe.tune ? ['tune' as const] : [])],
      trials: trials.map(({ step, judgement, kept }) => ({ step, ...judgement, kept })),
      divergenceOf: isClassifier(open.canonical, check) ? 'nats' : 'noise share',
      validationSamples: judged,
      cutShort: deadline.wasReached,
    };
    return { quantized: candidate.quantized, test: dataset.test, method, layers, worst, problems: candidate.problems, calibrationSamples: dataset.calibration.count };
  } finally {
    runner.close();
  }
}

const isClassifier = (model: Model, samples: SampleArray): boolean =>
  samples.labels !== undefined || model.graph.nodes.some((node) => node.op === softmax.name && node.outputs[0] === model.graph.outputs[0]);

function withoutData(open: OpenModel, request: CompressRequest, task: Task): Made {
  task.progress({ stage: 'Estimating ranges' });
  const { value, problems } = quantizeModel(open.canonical, {
    formOf: formsOf(open.canonical, request), ranges: estimateRanges(open.canonical, request.dataFree!), perTensor: request.perTensor,
  });
  const method: MethodReport = { ranges: 'min-max', steps: [], trials: [], divergenceOf: 'nats', validationSamples: 0, cutShort: false };
  return { quantized: value, method, layers: [], worst: [], problems: [compressProblems.dataFree(open.path), ...problems], calibrationSamples: 0 };
}

const isQuantized = (model: Model): boolean => model.graph.nodes.some((node) => opOf(node).scalesWeights && [node.inputs[1]!, node.outputs[0]].some((id) => model.graph.values.get(id)!.type.quantization));

async function outputPath(request: CompressRequest): Promise<string> {
  const { dir, name } = path.parse(request.path);
  const out = request.out ?? path.join(dir, `${name}.${request.quantize}.onnx`);
  if (path.resolve(out) === path.resolve(request.path)) throw new ProblemError(appProblems.outExists(out));
  if (request.replace || !(await exists(out))) return out;
  if (request.out) throw new ProblemError(appProblems.outExists(out));
  return freeName(out);
}

function sideOf(open: OpenModel, test: SampleArray | undefined, predicted: readonly number[]): CompressSide {
  const { withoutKernels, ...size } = sizeOf(open);
  const accuracy = test?.labels ? { accuracy: accuracyOf(predicted.filter((label, i) => label === test.labels![i]).length, predicted.length) } : {};
  return { fileBytes: open.canonical.fileBytes, ...size, ...(withoutKernels.length ? { withoutKernels } : {}), ...accuracy };
}

/** Samples on which the two models disagree, and what that says. */
function paired(labels: readonly number[], before: readonly number[], after: readonly number[]): Pick<CompressReport, 'changed' | 'mcnemar' | 'confusion'> {
  const count = (was: boolean, is: boolean): number => labels.filter((label, i) => (before[i] === label) === was && (after[i] === label) === is).length;
  const changed = { worse: count(true, false), better: count(false, true) };
  const classes = Math.max(...labels, ...before, ...after) + 1;
  return { changed, mcnemar: mcnemar(changed.worse, changed.better), confusion: { before: confusionOf(labels, before, classes), after: confusionOf(labels, after, classes) } };
}
