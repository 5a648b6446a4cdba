import { StatisticsSum, type InputStatistics, MOST_COLUMNS } from '../../../engine/compress/prune/input-statistics';
import type { Clamp } from '../../../engine/compress/prune/refit';
import { layerRows, type LayerRows } from '../../../engine/compress/layer-rows';
import { weightLayers } from '../../../engine/compress/plan';
import { constantTensor } from '../../../engine/ir/tensor';
import type { Model, Node, NodeId, StaticType } from '../../../engine/ir/types';
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
  /** [rows, outputs] before the layer's clamp. */
  readonly targets: Float64Array;
  readonly outputs: number;
  readonly clamp: Clamp;
  /** Rows of the first three quarters of the samples. */
  readonly fitRows: number;
}

/** Numbers that the rows of one layer may take at a time, and rows that are enough for any. */
const MOST_NUMBERS = 4e6;
const MOST_ROWS = 12_000;
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

/** Statistics and targets of every layer with weights whose rows are known, in one pass over the samples. */
export async function layerTargets(lab: Lab, model: Model, samples: SampleArray): Promise<Map<NodeId, LayerTarget>> {
  const layers = weightLayers(model.graph).flatMap((node) => {
    const rows = layerRows(model, node);
    if (!rows) return [];
    const { data, type } = constantTensor(model.graph.values.get(node.inputs[1]!)!);
    const outputs = type.shape[0];
    const most = Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / (rows.depth * rows.groups), MOST_NUMBERS / outputs));
    const stride = Math.max(1, Math.ceil((samples.count * rows.count) / most));
    const bias = node.inputs[2] === undefined ? new Float64Array(outputs) : constantTensor(model.graph.values.get(node.inputs[2])!).data;
    const count = Array.from({ length: samples.count }, (_, s) => pickedRows(rows.count, stride, s).length);
    return [{
      node, rows, weights: data, bias, outputs, stride, next: 0,
      sum: rows.groups === 1 && rows.depth <= MOST_COLUMNS ? new StatisticsSum(rows.depth) : undefined,
      targets: new Float64Array(count.reduce((a, b) => a + b, 0) * outputs),
      fitRows: count.slice(0, Math.ceil(samples.count * FIT_SHARE)).reduce((a, b) => a + b, 0),
      row: new Float64Array(rows.depth),
    }];
  });
  await lab.forEachSample(model, layers.map(({ node }) => node.inputs[0]!), samples, 'Watching each layer', (values, s) => {
    layers.forEach((layer, at) => {
      const { rows, weights, bias, outputs, targets, row, sum } = layer;
      const perGroup = outputs / rows.groups;
      for (const picked of pickedRows(rows.count, layer.stride, s)) {
        for (let o = 0; o < outputs; o++) {
          if (o % perGroup === 0) readRow(rows, picked, o / perGroup, values[at], row);
          let y = bias[o];
          for (let i = 0, w = o * rows.depth; i < rows.depth; i++) y += weights[w + i] * row[i];
          targets[layer.next++] = y;
        }
        sum?.add(row);
      }
    });
  });
  return new Map(layers.map(({ node, sum, stride, targets, outputs, fitRows }) => [node.id, { node, statistics: sum?.finish(), stride, targets, outputs, clamp: clampOf(model, node), fitRows }]));
}

export const outputsOf = (model: Model, node: Node): number => (model.graph.values.get(node.inputs[1]!)!.type as StaticType).shape[0];
