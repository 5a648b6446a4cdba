import { StatisticsSum, type InputStatistics, MOST_COLUMNS } from '../../../engine/compress/prune/input-statistics';
import type { Clamp } from '../../../engine/compress/prune/refit';
import { layerRows, type LayerRows } from '../../../engine/compress/layer-rows';
import { weightLayers } from '../../../engine/compress/plan';
import { constantTensor } from '../../../engine/ir/tensor';
import { soleConsumer, usesOf } from '../../../engine/ir/traverse';
import type { Model, Node, NodeId, ValueId } from '../../../engine/ir/types';
import { add } from '../../../engine/ops/add/op';
import { fusedClamp } from '../../../engine/ops/clamp-range';
import { NodeView } from '../../../engine/ops/op';
import type { SampleArray } from '../../data/samples';
import type { Lab } from '../lab';

/** What a layer computes in the model that nothing was done to, on chosen rows of the samples. */
export interface LayerTarget {
  readonly node: Node;
  /** Of the input rows; only for layers whose every output reads all channels. */
  readonly statistics?: InputStatistics;
  /** Every so many rows of a sample are looked at, starting from another one in each. */
  readonly stride: number;
  /** [rows, outputs] before the layer's clamp, or of the sum that the layer completes before the sum's. */
  readonly targets: Float64Array;
  readonly outputs: number;
  /** What is added to the layer's result, made before it: then targets are sums, and make up for what the shortcut lost. */
  readonly shortcut?: ValueId;
  readonly clamp: Clamp;
  /** Rows of the first three quarters of the samples. */
  readonly fitRows: number;
}

/** Numbers that the rows of one layer may take at a time, and rows that are enough for any. */
export interface Effort {
  readonly numbers: number;
  readonly rows: number;
}

/** For choices, of which many are compared. */
export const TRIAL: Effort = { numbers: 3e6, rows: 6000 };
/** For the model that is written. */
export const FULL: Effort = { numbers: 8e6, rows: 16_000 };

/** Samples that weights are fitted on before the ridge is chosen on the others. */
const FIT_SHARE = 0.75;

export const pickedRows = (count: number, stride: number, sample: number): number[] => {
  const rows: number[] = [];
  for (let row = sample % stride; row < count; row += stride) rows.push(row);
  return rows;
};

/** One row of a layer's input for one group, the weights' order. */
export function readRow({ depth, offsets, groupStride }: LayerRows, row: number, group: number, values: ArrayLike<number>, into: Float64Array, at = 0): void {
  for (let i = 0; i < depth; i++) {
    const offset = offsets[row * depth + i];
    into[at + i] = offset < 0 ? 0 : values[offset + group * groupStride];
  }
}

export function clampOf(model: Model, node: Node): Clamp {
  const { min, max } = fusedClamp(new NodeView(model.graph, node, model.rounding));
  return { min: min ?? -Infinity, max: max ?? Infinity };
}

/** The sum that a layer's result goes into alone, once everything else in it is made. */
function sumOf(model: Model, layer: Node): { readonly sum: Node; readonly shortcut: ValueId } | undefined {
  const { graph } = model;
  const { nodes, values } = graph;
  const [own] = layer.outputs;
  const sum = soleConsumer(graph, usesOf(graph), own);
  const { min, max } = clampOf(model, layer);
  if (sum?.op !== add.name || min > -Infinity || max < Infinity) return undefined;
  const shortcut = sum.inputs.find((id) => id !== own);
  if (shortcut === undefined || values.get(shortcut)!.constant || values.get(shortcut)!.type.shape?.join() !== values.get(own)!.type.shape?.join()) return undefined;
  const maker = nodes.findIndex((node) => node.outputs.includes(shortcut));
  return maker < nodes.indexOf(layer) ? { sum, shortcut } : undefined;
}

/** Place, in a layer's output of one sample, of a row's result. */
export const placeOf = (layer: Node, row: number, output: number, rows: number, outputs: number): number => (layer.attributes.layout === 'nchw' ? output * rows + row : row * outputs + output);

/** Statistics and targets of every layer with weights whose rows are known, in one pass over the samples. */
export async function layerTargets(lab: Lab, model: Model, samples: SampleArray, effort: Effort): Promise<Map<NodeId, LayerTarget>> {
  const layers = weightLayers(model.graph).flatMap((node) => {
    const rows = layerRows(model, node);
    if (!rows) return [];
    const { data, type } = constantTensor(model.graph.values.get(node.inputs[1]!)!);
    const outputs = type.shape[0];
    const most = Math.max(1, Math.min(effort.rows, effort.numbers / (rows.depth * rows.groups), effort.numbers / outputs));
    const stride = Math.max(1, Math.ceil((samples.count * rows.count) / most));
    const bias = node.inputs[2] === undefined ? new Float64Array(outputs) : constantTensor(model.graph.values.get(node.inputs[2])!).data;
    const completed = sumOf(model, node);
    const count = Array.from({ length: samples.count }, (_, s) => pickedRows(rows.count, stride, s).length);
    return [{
      node, rows, weights: data, bias, outputs, stride, completed, next: 0,
      sum: rows.groups === 1 && rows.depth <= MOST_COLUMNS ? new StatisticsSum(rows.depth) : undefined,
      targets: new Float64Array(count.reduce((a, b) => a + b, 0) * outputs),
      fitRows: count.slice(0, Math.ceil(samples.count * FIT_SHARE)).reduce((a, b) => a + b, 0),
      row: new Float64Array(rows.depth),
    }];
  });
  const watched = [...layers.map(({ node }) => node.inputs[0]!), ...layers.flatMap(({ completed }) => (completed ? [completed.shortcut] : []))];
  await lab.forEachSample(model, watched, samples, 'Watching each layer', (values, s) => {
    let shortcuts = layers.length;
    layers.forEach((layer, at) => {
      const { rows, weights, bias, outputs, targets, row, sum } = layer;
      const perGroup = outputs / rows.groups;
      const shortcut = layer.completed ? values[shortcuts++] : undefined;
      for (const picked of pickedRows(rows.count, layer.stride, s)) {
        for (let o = 0; o < outputs; o++) {
          if (o % perGroup === 0) readRow(rows, picked, o / perGroup, values[at], row);
          let y = bias[o];
          for (let i = 0, w = o * rows.depth; i < rows.depth; i++) y += weights[w + i] * row[i];
          targets[layer.next++] = shortcut ? y + shortcut[placeOf(layer.node, picked, o, rows.count, outputs)] : y;
        }
        sum?.add(row);
      }
    });
  });
  return new Map(layers.map(({ node, sum, stride, targets, outputs, fitRows, completed }) => [
    node.id, { node, statistics: sum?.finish(), stride, targets, outputs, clamp: clampOf(model, completed?.sum ?? node), fitRows, ...(completed ? { shortcut: completed.shortcut } : {}) },
  ]));
}

/** Of the layers that have them. */
export const statisticsOf = (targets: ReadonlyMap<NodeId, LayerTarget>): ReadonlyMap<NodeId, InputStatistics> =>
  new Map([...targets].flatMap(([id, { statistics }]) => (statistics ? [[id, statistics] as const] : [])));
