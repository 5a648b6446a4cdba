import { constantTensor } from '../ir/tensor';
import type { Model } from '../ir/types';
import { isNumeric } from '../ir/dtype';
import { opOf } from '../ops/table';
import { sitesOf, type Unit } from './prune/units';

/** Zeros among the weights of a model. */
export interface Zeros {
  readonly weights: number;
  readonly zeros: number;
  /** Channels that are made of zeros alone, and whose absence changes nothing but size. */
  readonly deadChannels: number;
}

/** Counts weights of layers that have them, real ones and codes; biases and tables are not meant. */
export function zerosOf(model: Model): Zeros {
  const { nodes, values } = model.graph;
  let [weights, zeros] = [0, 0];
  for (const node of nodes) {
    const stored = opOf(node).scalesWeights && node.inputs[1] !== undefined ? values.get(node.inputs[1])! : undefined;
    if (!stored?.constant || !isNumeric(stored.type.dtype)) continue;
    const { data, type } = constantTensor(stored);
    const zero = type.quantization?.zeroPoint[0] ?? 0;
    weights += data.length;
    for (let i = 0; i < data.length; i++) if (data[i] === zero) zeros++;
  }
  // Without zeros no channel can be one.
  return { weights, zeros, deadChannels: zeros === 0 ? 0 : sitesOf(model).flatMap(({ units }) => units).filter((unit) => isDead(model, unit)).length };
}

/** Every constant that makes the unit is zero there: weights and biases on their first axis. */
function isDead(model: Model, { places }: Unit): boolean {
  const makers = places.filter(({ value, axis }) => axis === 0 && model.graph.values.get(value)!.constant);
  return makers.length > 0 && makers.every(({ value, entry }) => {
    const { data, type } = constantTensor(model.graph.values.get(value)!);
    const size = data.length / type.shape[0];
    return data.subarray(entry * size, (entry + 1) * size).every((x: number) => x === 0);
  });
}
