import { elementCount } from '../ir/dtype';
import type { Graph, Model, Node } from '../ir/types';
import { conv } from '../ops/conv/op';
import { geometry } from '../ops/conv/geometry';
import { dense } from '../ops/dense/op';
import { NodeView } from '../ops/op';
import { forEachWindow, imageOf, stridesOf } from '../ops/window';

/**
 * A layer with weights as a matrix product: every output is a row of the input, in the order of the weights of one output
 * channel, times those weights. Grouped convolutions have rows of their own for each group.
 */
export interface LayerRows {
  readonly groups: number;
  /** Weights of one output channel. */
  readonly depth: number;
  /** Rows of one sample and group. */
  readonly count: number;
  /** Offsets into the input, [count, depth], of group 0; -1 where the window reaches into the padding. */
  readonly offsets: Int32Array;
  /** What to add to the offsets for the next group. */
  readonly groupStride: number;
}

/** Undefined for layers whose rows are not known: their weights are then rounded one by one. */
export function layerRows(model: Model, node: Node): LayerRows | undefined {
  const build = builders.get(node.op);
  return build?.(model.graph, new NodeView(model.graph, node, model.rounding));
}

const builders: ReadonlyMap<string, (graph: Graph, view: NodeView) => LayerRows> = new Map([
  [dense.name, (_graph: Graph, view: NodeView) => denseRows(view)],
  [conv.name, (_graph: Graph, view: NodeView) => convRows(view)],
]);

function denseRows(view: NodeView): LayerRows {
  const depth = view.staticType(1).shape[1];
  const total = elementCount(view.staticType(0).shape);
  return { groups: 1, depth, count: total / depth, offsets: Int32Array.from({ length: total }, (_, i) => i), groupStride: 0 };
}

function convRows(view: NodeView): LayerRows {
  const { window, input, group } = geometry(view);
  const output = imageOf(view.outputType().shape, window.layout);
  const strides = stridesOf(input, window.layout);
  const area = elementCount(window.kernel);
  const channels = input.channels / group;
  const depth = area * channels;
  const positions = elementCount(output.spatial);
  const offsets = new Int32Array(positions * input.batch * depth).fill(-1);
  let row = 0;
  forEachWindow(input, output, window, (_offset, taps) => {
    for (let batch = 0; batch < input.batch; batch++, row++) {
      for (const tap of taps) {
        for (let c = 0; c < channels; c++) {
          const weight = window.layout === 'nchw' ? c * area + tap.kernel : tap.kernel * channels + c;
          offsets[row * depth + weight] = batch * strides.batch + tap.input + c * strides.channel;
        }
      }
    }
  });
  return { groups: group, depth, count: row, offsets, groupStride: channels * strides.channel };
}
