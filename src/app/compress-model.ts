import path from 'node:path';
import { throwIfCancelled } from '../base/cancel';
import { ProblemError, type Problem } from '../base/problem';
import type { Task } from '../base/progress';
import { activationsToMeasure } from '../engine/compress/plan';
import { compressProblems } from '../engine/compress/problems';
import { zerosOf } from '../engine/compress/zeros';
import type { Goal } from '../engine/codegen/choose-kernels';
import { planProgram } from '../engine/codegen/program';
import { writeOnnx } from '../engine/formats/onnx/write';
import { writeTflite } from '../engine/formats/tflite/write';
import { isStatic } from '../engine/ir/dtype';
import type { Model } from '../engine/ir/types';
import { weightGrids } from '../engine/quant/weight-types';
import { widenHalves } from '../engine/passes/widen-halves';
import { accuracyOf, argmax, cosine, paired } from './accuracy';
import { Deadline } from './compress/deadline';
import { baseForm } from './compress/forms';
import { quantizeKinds } from './compress/kinds';
import { compared, results } from './compress/predict';
import { quantizeWithData, quantizeWithoutData, type Quantized } from './compress/quantize-step';
import { packedSavings, sizeOf } from './compress/size';
import type { Timing } from './compress/reduce/board-time';
import { timed } from './compress/timed-progress';
import { isQuantized } from './compress/real-form';
import { areForFlash, changed, namesOf, transform } from './compress/transform';
import { checkVaries, type Dataset } from './data/dataset';
import type { SampleArray } from './data/samples';
import type { CompressReport, CompressRequest, CompressSide } from './engine-contract';
import { boardById } from './find-board';
import { isaOfRequest, labelsOf, machineOfRequest, reportOf } from './inspect-model';
import { datasetOf } from './load-samples';
import { openModel, understand, type OpenModel } from './model-file';
import { appProblems } from './problems';
import { OrtRunner } from './runners/ort-client';
import { exists, freeName, writeFiles } from './write-files';

const DEFAULT_TIME_LIMIT_SECONDS = 120;

/** A smaller model beside the original, which is never touched. Cancel and failure leave no file. */
export async function compressModel(wanted: CompressRequest, untimed: Task): Promise<CompressReport> {
  const task = timed(untimed);
  // A board that nobody knows is told now, not after minutes.
  const request = { ...wanted, board: typeof wanted.board === 'string' ? await boardById(wanted.board, path.dirname(wanted.path)) : wanted.board };
  const steps = [...(request.steps ?? []), ...(request.after ?? [])];
  if (!steps.length || request.quantize !== undefined) checkKind(request.quantize);
  const open = await openModel(request.path, task, request);
  const real = withoutHalves(open);
  checkModel(real, request);
  const out = await outputPath(request);
  checkGroups(request, out);
  const made = await make(real, request, task);

  const named = { ...made.model, name: path.basename(out) };
  const goal: Goal = areForFlash(steps) ? 'flash' : 'speed';
  const bytes = fileBytes(named, out, goal);
  // What is reported is what a reader of the file will see, not what we meant to write.
  const result = understand(bytes, out);
  const test = made.test && compared(made.test);
  const before = test ? await results(open, test, 'Testing the float model', task) : [];
  const after = test ? await results(result, test, 'Testing the smaller model', task) : [];
  throwIfCancelled(task.signal);
  await writeFiles([{ path: out, content: bytes }], () => throwIfCancelled(task.signal));
  const sides = { before: sideOf(open, request, goal, test?.labels, before), after: sideOf(result, request, goal, test?.labels, after) };
  const unsupported = sides.after.withoutKernels ?? [];
  const labels = await labelsOf(open);
  return {
    schema: 'tinyml-compress/1',
    source: request.path,
    out,
    ...(request.quantize ? { kind: request.quantize } : {}),
    steps: made.steps,
    ...sides,
    ...(goal === 'flash' ? { optimize: goal } : {}),
    calibration: request.dataFree ? 'data-free' : 'data',
    calibrationSamples: made.calibrationSamples,
    ...(made.method ? { method: made.method } : {}),
    ...(test?.labels ? paired(test.labels, before.map(argmax), after.map(argmax)) : {}),
    ...(test ? { outputs: likeness(before, after) } : {}),
    ...(labels.length ? { labels } : {}),
    layers: made.layers,
    worst: made.worst,
    problems: [...open.problems, ...zeroProblems(open), ...(goal === 'flash' ? packedProblems(result) : []), ...made.problems, ...(unsupported.length ? [compressProblems.noKernels(unsupported)] : [])],
  };
}

/** Files in half precision are compressed as the real numbers that they stand for. */
function withoutHalves(open: OpenModel): OpenModel {
  const hasHalves = [...open.canonical.graph.values.values()].some(({ type, constant }) => constant && type.dtype === 'float16');
  return hasHalves ? changed(open, widenHalves.run(open.canonical)) : open;
}

function checkKind(kind: string | undefined): void {
  if (kind === undefined || !(kind in quantizeKinds)) throw new ProblemError(appProblems.unknownChoice('kind of quantization', kind ?? '', Object.keys(quantizeKinds)));
}

/** A group size is kept or refused, never left aside. */
function checkGroups({ quantize, groupSize, ...request }: CompressRequest, out: string): void {
  if (groupSize === undefined || quantize === undefined) return;
  const { activations, weights } = baseForm({ ...request, quantize });
  if (activations !== 'float32' || !(weights in weightGrids)) throw new ProblemError(compressProblems.groupsNeedReal(quantize));
  if (path.extname(out).toLowerCase() === '.tflite') throw new ProblemError(compressProblems.groupsInTflite(path.basename(out)));
}

function checkModel({ canonical }: OpenModel, { path: file, quantize, steps, after, dataFree }: CompressRequest): void {
  if (quantize && isQuantized(canonical)) throw new ProblemError(compressProblems.alreadyQuantized(file));
  if ((steps?.length || after?.length) && dataFree) throw new ProblemError(compressProblems.pruneDataFree(file));
  const sizeless = canonical.graph.inputs.map((id) => canonical.graph.values.get(id)!).find(({ type }) => !isStatic(type));
  if (sizeless) throw new ProblemError(compressProblems.openSizes(file, sizeless.name));
  if (quantize && !activationsToMeasure(canonical.graph).length) throw new ProblemError(compressProblems.nothingToQuantize(file));
}

/** So many zeros are no accident: somebody expects them to save something. */
const NOTABLE_ZEROS = 0.2;

function zeroProblems({ canonical, lowered, path: file }: OpenModel): Problem[] {
  const zeros = zerosOf(canonical);
  return zeros.zeros > NOTABLE_ZEROS * zeros.weights ? [compressProblems.zerosSaveNothing(file, zeros, packedSavings({ lowered }).bytes)] : [];
}

/** What codebooks and zeros save, and when. */
function packedProblems({ lowered, path: file }: OpenModel): Problem[] {
  const { bytes, layers } = packedSavings({ lowered });
  return [bytes > 0 ? compressProblems.packedWeights(file, bytes, layers) : compressProblems.packedNothing(file)];
}

const fileBytes = (model: Model, out: string, goal: Goal): Uint8Array => (path.extname(out).toLowerCase() === '.tflite' ? writeTflite(model) : writeOnnx(model, { codebooks: goal === 'flash' }).bytes);

interface Made extends Quantized {
  readonly steps: CompressReport['steps'];
  readonly calibrationSamples: number;
  readonly test?: SampleArray;
}

async function make(open: OpenModel, request: CompressRequest, task: Task): Promise<Made> {
  const { quantize } = request;
  if (request.dataFree && quantize) return { ...quantizeWithoutData(open, { ...request, quantize }, task), steps: [], calibrationSamples: 0 };
  const dataset: Dataset = await datasetOf(open, task, request.data, request.dataOptions);
  checkVaries(dataset.calibration, dataset.path);
  const runner = new OrtRunner(task.signal);
  const seconds = request.timeLimitSeconds ?? DEFAULT_TIME_LIMIT_SECONDS;
  try {
    const timing = timingOf(open.canonical, request);
    const transformed = await transform(open, request.steps ?? [], dataset, runner, seconds, task, timing);
    const made: Quantized = quantize
      ? await quantizeWithData(transformed.open, { ...request, quantize }, dataset, runner, new Deadline(seconds), task)
      : { model: transformed.open.canonical, layers: [], worst: [], problems: [] };
    if (!request.after?.length) return { ...made, steps: transformed.reports, test: dataset.test, calibrationSamples: dataset.calibration.count };
    const quantized = understand(fileBytes(made.model, request.out ?? request.path, 'speed'), request.path);
    const last = await transform(quantized, request.after, dataset, runner, seconds, task, timing);
    return { ...made, model: last.open.canonical, steps: [...transformed.reports, ...last.reports], test: dataset.test, calibrationSamples: dataset.calibration.count };
  } finally {
    runner.close();
  }
}

/** How long models take on the board that the request names: as int8 where that is what they are, or become in the end. */
function timingOf({ rounding }: Model, { board, calibration, quantize, out, path: source }: CompressRequest): ((isCoded: boolean) => Timing) | undefined {
  const wanted = { path: source, board, calibration };
  const machine = machineOfRequest(wanted);
  if (!machine) return undefined;
  const isa = isaOfRequest(wanted);
  const isInt8 = quantize !== undefined && quantizeKinds[quantize].activations === 'int8';
  const codes = path.extname(out ?? source).toLowerCase() === '.tflite' && rounding === 'onnx-float-half-even' ? 'tflite-double-round' : rounding;
  return (isCoded) => ({ machine, isa, ...(isCoded || isInt8 ? { codes } : {}) });
}

async function outputPath(request: CompressRequest): Promise<string> {
  const { dir, name, ext } = path.parse(request.path);
  // In the source's format.
  const ending = ext.toLowerCase() === '.tflite' ? 'tflite' : 'onnx';
  const out = request.out ?? path.join(dir, [name, ...namesOf(request.steps ?? []), ...(request.quantize ? [request.quantize] : []), ...namesOf(request.after ?? []), ending].join('.'));
  if (path.resolve(out) === path.resolve(request.path)) throw new ProblemError(appProblems.outExists(out));
  if (request.replace || !(await exists(out))) return out;
  if (request.out) throw new ProblemError(appProblems.outExists(out));
  return freeName(out);
}

function sideOf(open: OpenModel, request: CompressRequest, goal: Goal, labels: readonly number[] | undefined, outputs: readonly Float64Array[]): CompressSide {
  const { withoutKernels, ...size } = sizeOf(open, goal);
  const accuracy = labels ? { accuracy: accuracyOf(outputs.filter((scores, i) => argmax(scores) === labels[i]).length, outputs.length) } : {};
  return { fileBytes: open.canonical.fileBytes, ...size, ...(withoutKernels.length ? { withoutKernels } : {}), ...timeOf(open, request, goal), ...accuracy };
}

/** With the board's own kernels. */
function timeOf(open: OpenModel, { path: file, board, calibration }: CompressRequest, goal: Goal): Pick<CompressSide, 'time'> {
  const wanted = { path: file, board, calibration };
  const machine = machineOfRequest(wanted);
  const time = machine && reportOf(open, planProgram(open.lowered, isaOfRequest(wanted), { goal }), [], machine).time;
  return time ? { time } : {};
}

/** Cosine of the two models' outputs, sample by sample. */
function likeness(before: readonly Float64Array[], after: readonly Float64Array[]): CompressReport['outputs'] {
  const cosines = before.map((x, i) => cosine(x, after[i]));
  return { samples: cosines.length, meanCosine: cosines.reduce((sum, c) => sum + c, 0) / cosines.length, leastCosine: cosines.reduce((a, b) => Math.min(a, b), 1) };
}
