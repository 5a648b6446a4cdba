import { ProblemError } from '../base/problem';
import type { Task } from '../base/progress';
import { bytesOf } from '../base/bytes';
import { codeRange, elementCount, isStatic } from '../engine/ir/dtype';
import { tensorOf, type Tensor } from '../engine/ir/tensor';
import type { Model, StaticType } from '../engine/ir/types';
import { quantizeReal } from '../engine/quant/rounding';
import { Interpreter } from '../engine/verify/interpret';
import { portReports } from '../engine/cost/analyze';
import { fitted, loadDataset, sampleAt, type DataOptions, type Dataset } from './data/dataset';
import { withSession } from './compress/session';
import { findModelData } from './data/project-file';
import type { ModelRequest, SamplesReport, SamplesRequest } from './engine-contract';
import { openModel, type OpenModel } from './model-file';
import { labelsOf } from './inspect-model';
import { breathe } from './plan-program';
import { OrtRunner } from './runners/ort-client';
import { appProblems } from './problems';

/** Test samples as generated C takes them, each with what the reference interpreter computes for it. */
export async function loadSamples(request: SamplesRequest, task: Task): Promise<SamplesReport> {
  const open = await openModel(request.path, task, request);
  const dataset = request.windows ? windowsOf(open, request.windows) : await datasetOf(open, task, request.data, { whole: request.data !== undefined });
  const { test } = dataset;
  const count = Math.min(test.count, request.limit ?? test.count);
  const interpreter = new Interpreter(open.lowered);
  const samples: SamplesReport['samples'][number][] = [];
  for (let index = 0; index < count; index++) {
    if (index % 20 === 0) {
      task.progress({ stage: 'Computing expected results', done: index, total: count });
      await breathe(task.signal);
    }
    const input = inputOf(open.lowered, sampleAt(test, index));
    const [output] = interpreter.run([input]);
    samples.push({ index, truth: test.labels?.[index], input: bytesOf(input.data).slice(), expected: bytesOf(output.data).slice() });
  }
  const { graph } = open.lowered;
  const float = request.floatPath === undefined ? [] : await floatResults({ path: request.floatPath, bindings: request.bindings }, dataset, count, task);
  return {
    dataPath: dataset.path,
    labels: await labelsOf(open),
    samples: samples.map((sample, i) => (float.length ? { ...sample, float: float[i] } : sample)),
    stateful: graph.states.length > 0,
    output: portReports(graph, graph.outputs)[0],
    problems: open.problems,
  };
}

/** Whole inputs as a data set without labels. */
function windowsOf({ path, lowered: { graph } }: OpenModel, values: Float32Array): Dataset {
  const { type } = graph.values.get(graph.inputs[0])!;
  const size = isStatic(type) ? elementCount(type.shape) : 0;
  const samples = { count: size ? Math.floor(values.length / size) : 0, sampleShape: [size], values };
  return { path, calibration: samples, test: samples };
}

/** What onnxruntime computes with a float model for the first test samples of a data set. */
async function floatResults(request: ModelRequest, dataset: Dataset, count: number, task: Task): Promise<number[][]> {
  const open = await openModel(request.path, task, request);
  const { values, inputs, outputs: [output] } = open.canonical.graph;
  const input = values.get(inputs[0])!;
  const { test } = fitted(dataset, input.type.shape ?? [], input.name);
  const runner = new OrtRunner(task.signal);
  try {
    return await withSession(runner, open.canonical, [output], async (session) => {
      const results: number[][] = [];
      for (let index = 0; index < Math.min(count, test.count); index++) {
        if (index % 20 === 0) task.progress({ stage: 'Running the float model', done: index, total: count });
        const [scores] = await session.run(Float32Array.from(sampleAt(test, index)));
        results.push(Array.from(scores));
      }
      return results;
    });
  } finally {
    runner.close();
  }
}

/** The data set of a model with one input, checked against its shape. */
export async function datasetOf(open: OpenModel, task: Task, explicit?: string, options: DataOptions = {}): Promise<Dataset> {
  const { graph } = open.canonical;
  if (graph.inputs.length !== 1) throw new ProblemError(appProblems.severalInputs(open.path, graph.inputs.length));
  const { data, looked, labels, options: stated } = await findModelData(open.path, explicit);
  if (!data) throw new ProblemError(appProblems.noData(open.path, looked));
  const classNames = labels.length ? labels : open.labels;
  const shape = graph.values.get(graph.inputs[0])!.type.shape;
  const inputShape = shape?.every((extent) => extent > 0) ? shape : undefined;
  const dataset = await loadDataset(data, { classNames, inputShape, ...normalizationOf(open), ...stated, ...options }, task);
  const [input, output] = [graph.values.get(graph.inputs[0])!, graph.values.get(graph.outputs[0])!];
  return fitted(dataset, input.type.shape ?? [], input.name, isStatic(output.type) ? elementCount(output.type.shape) : undefined);
}

/** How images become the model's numbers, where it says so itself (TFLite's model metadata). */
function normalizationOf({ canonical }: OpenModel): Pick<DataOptions, 'mean' | 'std'> {
  try {
    const { mean, std } = JSON.parse(canonical.metadata.get('normalization') ?? '{}') as Pick<DataOptions, 'mean' | 'std'>;
    const isList = (list: unknown): boolean => Array.isArray(list) && list.length > 0 && list.every((x) => typeof x === 'number' && Number.isFinite(x));
    return isList(mean) && isList(std) ? { mean, std } : {};
  } catch {
    return {}; // somebody else's metadata of that name
  }
}

/** Real numbers as the model's input: quantized by its rule where it takes codes. */
export function inputOf(model: Model, values: Float64Array): Tensor {
  const type = model.graph.values.get(model.graph.inputs[0])!.type;
  if (!isStatic(type)) throw new Error('The input has no static shape');
  return tensorOf(type, quantized(model, type, values));
}

function quantized(model: Model, type: StaticType, values: Float64Array): ArrayLike<number> {
  if (!type.quantization) return values;
  const { scale, zeroPoint } = type.quantization;
  const range = codeRange(type.dtype);
  return values.map((value) => quantizeReal(model.rounding, value, scale[0], zeroPoint[0], range));
}
