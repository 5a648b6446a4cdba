import { throwIfCancelled } from '../../base/cancel';
import type { Task } from '../../base/progress';
import { layerRows, type LayerRows } from '../../engine/compress/layer-rows';
import { weightLayers, type ChosenWeights, type QuantizePlan } from '../../engine/compress/plan';
import { quantizeModel } from '../../engine/compress/quantize-model';
import { minimalScales } from '../../engine/compress/store-weights';
import { rowBlocks } from '../../engine/compress/weight-blocks';
import { constantTensor } from '../../engine/ir/tensor';
import type { Model, Node, NodeId, Quantization } from '../../engine/ir/types';
import { RowMoments, type Moments } from '../../engine/quant/moments';
import { RowReconstructor } from '../../engine/quant/reconstruct';
import { weightGrids, type IntegerWeights } from '../../engine/quant/weight-types';
import { sampleAt, type SampleArray } from '../data/dataset';
import type { OrtRunner } from '../runners/ort-client';
import { memoKeys, type RoundingMemo } from './rounding-memo';
import { withSession } from './session';

/** Multiplications spent on the moments of one layer: what two or three seconds allow. */
const MOMENT_WORK = 1.5e9;

/** Shares of the full scale that are tried for each output channel. */
const SHARES: Readonly<Record<IntegerWeights, readonly number[]>> = {
  int8: [1, 0.9],
  int4: [1, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52],
  int2: [1, 0.85, 0.7, 0.55, 0.45, 0.35, 0.28],
  ternary: [1, 0.85, 0.7, 0.55, 0.45, 0.35],
  binary: [1, 0.8, 0.6, 0.45, 0.35, 0.25],
};

export interface ReconstructOptions {
  /** Choose codes by reconstruction; else only the bias is corrected. */
  readonly codes: boolean;
  readonly memo: RoundingMemo;
}

/**
 * Weights of each layer chosen so that the layer's output, fed by the quantized layers before it, comes near to that of the
 * float model; one layer after another, in execution order.
 */
export async function reconstruct(
  model: Model, plan: QuantizePlan, samples: SampleArray, options: ReconstructOptions, runner: OrtRunner, task: Task,
): Promise<Map<NodeId, ChosenWeights>> {
  const chosen = new Map<NodeId, ChosenWeights>(plan.chosen);
  const layers = weightLayers(model.graph).filter((node) => plan.formOf(node).weights in weightGrids);
  for (const [index, node] of layers.entries()) {
    task.progress({ stage: options.codes ? 'Reconstructing layers' : 'Correcting biases', done: index, total: layers.length });
    throwIfCancelled(task.signal);
    const rows = layerRows(model, node);
    if (!rows) continue;
    const later = new Set(layers.slice(index + 1).map((layer) => layer.id));
    const keys = memoKeys(model, node, plan.formOf, later);
    const known = options.memo.weights(keys.weights);
    if (known) {
      chosen.set(node.id, known);
      continue;
    }
    const partial: QuantizePlan = { ...plan, chosen, formOf: (other) => (later.has(other.id) ? { activations: 'float32', weights: 'float32' } : plan.formOf(other)) };
    const quantized = quantizeModel(model, partial).value;
    const moments = await options.memo.moments(keys.input, () => measureMoments(model, quantized, node, rows, samples, runner, task));
    const weights = chooseWeights(model, quantized, node, plan, moments, options, chosen.get(node.id));
    options.memo.keep(keys.weights, weights);
    chosen.set(node.id, weights);
  }
  return chosen;
}

async function measureMoments(model: Model, quantized: Model, node: Node, rows: LayerRows, samples: SampleArray, runner: OrtRunner, task: Task): Promise<Moments[]> {
  const source = quantized.graph.nodes.find((other) => other.id === node.id)!.inputs[0]!;
  const { groups, depth, count, offsets, groupStride } = rows;
  const moments = Array.from({ length: groups }, () => new RowMoments(depth));
  const work = samples.count * count * groups * depth * depth * 1.5;
  const stride = Math.max(1, Math.ceil(work / MOMENT_WORK));
  const real = new Float64Array(depth);
  const coded = new Float64Array(depth);
  await withSession(runner, model, [node.inputs[0]!], (float) =>
    withSession(runner, quantized, [source], async (integer) => {
      for (let s = 0; s < samples.count; s++) {
        throwIfCancelled(task.signal);
        const sample = Float32Array.from(sampleAt(samples, s));
        const [[x], [y]] = [await float.run(sample), await integer.run(sample)];
        for (let row = s % stride; row < count; row += stride) {
          for (let group = 0; group < groups; group++) {
            for (let i = 0; i < depth; i++) {
              const at = offsets[row * depth + i];
              real[i] = at < 0 ? 0 : x[at + group * groupStride];
              coded[i] = at < 0 ? 0 : y[at + group * groupStride];
            }
            moments[group].add(real, coded);
          }
        }
      }
    }),
  );
  return moments.map((m) => m.finish());
}

function chooseWeights(model: Model, quantized: Model, node: Node, plan: QuantizePlan, moments: readonly Moments[], options: ReconstructOptions, before: ChosenWeights | undefined): ChosenWeights {
  const form = plan.formOf(node).weights as IntegerWeights;
  const grid = weightGrids[form];
  const weights = constantTensor(model.graph.values.get(node.inputs[1]!)!);
  const channels = weights.type.shape[0];
  const depth = weights.data.length / channels;
  const bias = node.inputs[2] === undefined ? new Float64Array(channels) : constantTensor(model.graph.values.get(node.inputs[2])!).data;
  const stored = quantized.graph.nodes.find((other) => other.id === node.id)!;
  const input = quantized.graph.values.get(stored.inputs[0]!)!.type.quantization;
  const least = input ? minimalScales(bias, input) : undefined;
  const current = before ?? storedWeights(quantized, stored);
  const codes = new Float64Array(weights.data.length);
  const scale: number[] = [];
  const blocks = input ? undefined : rowBlocks(node, weights.type, plan.groupSize);
  const perChannel = blocks?.count ?? 1;
  const blockOf = blocks?.of ?? new Int32Array(depth);
  const newBias = new Float64Array(channels);
  const reconstructors = options.codes ? moments.map((m) => new RowReconstructor(m, damping(m))) : [];
  for (let c = 0; c < channels; c++) {
    const group = Math.floor((c * moments.length) / channels);
    const original = Float64Array.from(weights.data.subarray(c * depth, (c + 1) * depth));
    const rounder = reconstructors[group];
    const row = rounder
      ? rounder.round(rounder.compensated(original), grid, SHARES[form], Math.fround(least?.[c] ?? 0), blockOf)
      : { codes: Float64Array.from({ length: depth }, (_, i) => current.codes[c * depth + i]), scale: Float64Array.from(current.scale.slice(c * perChannel, (c + 1) * perChannel)) };
    codes.set(row.codes, c * depth);
    scale.push(...row.scale.map(Math.fround));
    newBias[c] = bias[c] + meanShift(original, Float64Array.from(row.codes, (code, i) => code * row.scale[blockOf[i]]), moments[group]);
  }
  return { codes, scale, bias: newBias };
}

/** What the mean of a channel's output has lost by coding. */
function meanShift(original: Float64Array, coded: Float64Array, { meanReal, meanQuantized }: Moments): number {
  let shift = 0;
  for (let i = 0; i < original.length; i++) shift += original[i] * meanReal[i] - coded[i] * meanQuantized[i];
  return shift;
}

/** Few rows say little: the fewer, the nearer the weights stay to those of the float model. */
const damping = ({ depth, rows }: Moments): number => 0.05 + (2 * depth) / Math.max(1, rows);

function storedWeights(quantized: Model, node: Node): ChosenWeights {
  const tensor = constantTensor(quantized.graph.values.get(node.inputs[1]!)!);
  return { codes: tensor.data, scale: (tensor.type.quantization as Quantization).scale };
}
