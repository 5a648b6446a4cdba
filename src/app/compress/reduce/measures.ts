import { elementCount } from '../../../engine/ir/dtype';
import type { Model, StaticType } from '../../../engine/ir/types';
import { NodeView } from '../../../engine/ops/op';
import { opOf } from '../../../engine/ops/table';
import { formsOf } from '../../../engine/passes/pipeline';
import { sizeOf } from '../size';
import type { Measure } from './measure';
import type { ReduceContext } from './reduce-context';
import { boardTimeUs } from './board-time';

/** Kernels make this many output channels at a time, from pairs of pairs of inputs: what is not full costs as much. */
export const CHANNEL_BLOCK = 4;

const roundUp = (count: number): number => Math.ceil(count / CHANNEL_BLOCK) * CHANNEL_BLOCK;

/** What a measure says of models: made once for each step. */
export async function costFunction({ lab, data, timing, coded }: ReduceContext, measure: Measure): Promise<(model: Model) => number> {
  const isSize = measure === 'flash' || measure === 'ram';
  if (measure !== 'time' || !timing) return (model) => costOf(isSize && coded ? coded(model) : model, measure);
  const ranges = timing.codes ? await lab.ranges(lab.source, 'min-max', data.fit) : new Map<number, never>();
  return (model) => boardTimeUs(model, timing, ranges);
}

export function costOf(model: Model, measure: Measure): number {
  if (measure === 'flash' || measure === 'ram') {
    const size = sizeOf({ path: '', bytes: new Uint8Array(), ...formsOf(model), problems: [], labels: [] });
    return measure === 'flash' ? size.flashBytes : size.ramBytes;
  }
  return model.graph.nodes.reduce((sum, node) => {
    const view = new NodeView(model.graph, node, model.rounding);
    const op = opOf(node);
    const macs = op.macs?.(view) ?? 0;
    return sum + (measure === 'time' && op.scalesWeights ? blockedMacs(view, macs) : macs);
  }, 0);
}

/** Multiply-accumulates with output channels, and inputs of each, rounded up to full blocks. */
function blockedMacs(view: NodeView, macs: number): number {
  const { shape } = view.type(1) as StaticType;
  const depth = elementCount(shape.slice(1));
  return (macs * roundUp(shape[0]) * roundUp(depth)) / (shape[0] * depth);
}
