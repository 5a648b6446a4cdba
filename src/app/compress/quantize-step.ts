import type { Task } from '../../base/progress';
import { estimateRanges } from '../../engine/compress/estimate-ranges';
import { compressProblems } from '../../engine/compress/problems';
import { quantizeModel } from '../../engine/compress/quantize-model';
import type { Model } from '../../engine/ir/types';
import { softmax } from '../../engine/ops/softmax/op';
import type { Dataset } from '../data/dataset';
import type { SampleArray } from '../data/samples';
import type { CompressReport, CompressRequest, MethodReport } from '../engine-contract';
import type { OpenModel } from '../model-file';
import type { OrtRunner } from '../runners/ort-client';
import { build } from './build';
import type { Deadline } from './deadline';
import { formsOf } from './forms';
import type { QuantizeKind } from './kinds';
import { Lab } from './lab';
import { layerErrors } from './layer-errors';
import { worstLayers } from './worst-layers';

export type QuantizeRequest = CompressRequest & { readonly quantize: QuantizeKind };

/** A quantized model with what is to be said of it. */
export interface Quantized extends Pick<CompressReport, 'method' | 'layers' | 'worst' | 'problems'> {
  readonly model: Model;
}

/** Calibrated on a data set. */
export async function quantizeWithData(open: OpenModel, request: QuantizeRequest, dataset: Dataset, runner: OrtRunner, deadline: Deadline, task: Task): Promise<Quantized> {
  const lab = new Lab(open.canonical, runner, task, dataset.path, deadline);
  const { candidate, recipe, trials, check, fitted, judged } = await build(lab, open, request, dataset, deadline);
  const layers = await layerErrors(lab, candidate, check);
  const worst = await worstLayers(lab, candidate, layers, { check, fitted }, deadline);
  const method: MethodReport = {
    ranges: recipe.ranges,
    steps: [...(recipe.equalize ? ['equalize' as const] : []), ...(recipe.absorb ? ['absorb' as const] : []), ...(recipe.weights === 'nearest' ? [] : [recipe.weights]), ...(recipe.tune ? ['tune' as const] : [])],
    trials: trials.map(({ step, judgement, kept }) => ({ step, ...judgement, kept })),
    divergenceOf: isClassifier(open.canonical, check) ? 'nats' : 'noise share',
    validationSamples: judged,
    cutShort: deadline.wasReached,
  };
  return { model: candidate.quantized, method, layers, worst, problems: candidate.problems };
}

const isClassifier = (model: Model, samples: SampleArray): boolean =>
  samples.labels !== undefined || model.graph.nodes.some((node) => node.op === softmax.name && node.outputs[0] === model.graph.outputs[0]);

/** Ranges from the weights alone. */
export function quantizeWithoutData(open: OpenModel, request: QuantizeRequest, task: Task): Quantized {
  task.progress({ stage: 'Estimating ranges' });
  const { value, problems } = quantizeModel(open.canonical, {
    formOf: formsOf(open.canonical, request), ranges: estimateRanges(open.canonical, request.dataFree!), perTensor: request.perTensor, groupSize: request.groupSize,
  });
  const method: MethodReport = { ranges: 'min-max', steps: [], trials: [], divergenceOf: 'nats', validationSamples: 0, cutShort: false };
  return { model: value, method, layers: [], worst: [], problems: [compressProblems.dataFree(open.path), ...problems] };
}
