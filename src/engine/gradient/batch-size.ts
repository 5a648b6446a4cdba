import { elementCount } from '../ir/dtype';
import type { Model } from '../ir/types';
import { conv } from '../ops/conv/op';
import { geometry } from '../ops/conv/geometry';
import { NodeView } from '../ops/op';
import { slide } from '../ops/window';

/** Bytes that the largest tensor of a gradient graph may have. */
const MOST_BYTES = 2 ** 26;

/** Samples that a gradient graph takes at a time: at most `most`, fewer where the windows of a convolution, laid out as columns, get large. */
export function batchSize({ graph, rounding }: Model, most: number): number {
  const sizes = graph.nodes.map((node) => {
    const view = new NodeView(graph, node, rounding);
    if (node.op !== conv.name) return elementCount(view.outputType().shape);
    const { window, input } = geometry(view);
    return input.channels * elementCount(window.kernel) * elementCount(slide(input.spatial, window));
  });
  return Math.max(1, Math.min(most, Math.floor(MOST_BYTES / 4 / Math.max(1, ...sizes))));
}
