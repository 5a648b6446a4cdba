import { elementCount } from '../ir/dtype';
import { constantTensor, tensorOf, type Tensor } from '../ir/tensor';
import type { Model, Node, StaticType, ValueId } from '../ir/types';
import { add } from '../ops/add/op';
import { fusedClamp } from '../ops/clamp-range';
import { clamp } from '../ops/clamp/op';
import { NodeView } from '../ops/op';
import { opaque } from '../ops/opaque';
import { opOf } from '../ops/table';
import type { Range } from '../quant/range';
import { layerRows } from './layer-rows';

/** Mean and variance of each element of a value. */
interface Spread {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** Standard deviations on both sides of the mean that a range covers: neighbouring inputs are alike, which adds to what this assumes. */
const REACH = 6;

/**
 * Ranges without data: inputs are taken to be spread evenly over a range and independent of each other, means and variances
 * are carried through weights and biases (into which batch normalization has been folded), and bounds of activations limit
 * them. An estimate, good enough to try and no more.
 */
export function estimateRanges(model: Model, input: Range): Map<ValueId, Range> {
  const { graph } = model;
  const spreads = new Map<ValueId, Spread>();
  const ranges = new Map<ValueId, Range>();
  const set = (id: ValueId, spread: Spread, low = -Infinity, high = Infinity): void => {
    spreads.set(id, spread);
    let [min, max] = [0, 0];
    spread.mean.forEach((mean, i) => {
      const reach = REACH * Math.sqrt(spread.variance[i]);
      min = Math.min(min, Math.max(low, mean - reach));
      max = Math.max(max, Math.min(high, mean + reach));
    });
    ranges.set(id, { min, max });
  };
  for (const id of graph.inputs) {
    const size = elementCount(graph.values.get(id)!.type.shape!);
    spreads.set(id, { mean: new Float64Array(size).fill((input.min + input.max) / 2), variance: new Float64Array(size).fill((input.max - input.min) ** 2 / 12) });
    ranges.set(id, input);
  }
  for (const node of graph.nodes) {
    const view = new NodeView(graph, node, model.rounding);
    const spread = spreadOf(model, node, view, spreads);
    const own = opOf(node).outputQuantization;
    const bounds = node.op === clamp.name || opOf(node).fusesClamp ? fusedClamp(view) : { min: undefined, max: undefined };
    const [low, high] = own ? [0, 1] : [bounds.min ?? -Infinity, bounds.max ?? Infinity];
    if (spread) set(node.outputs[0], clipped(spread, low, high), low, high);
  }
  return ranges;
}

function spreadOf(model: Model, node: Node, view: NodeView, spreads: ReadonlyMap<ValueId, Spread>): Spread | undefined {
  if (node.op === add.name && node.inputs.some((_, i) => view.isConstant(i))) return shifted(node, view, spreads);
  const source = node.inputs[0] === undefined ? undefined : spreads.get(node.inputs[0]);
  if (!source || node.op === opaque.name) return undefined;
  if (opOf(node).scalesWeights && view.isConstant(1) && layerRows(model, node)) return throughWeights(model, node, view, source);
  if (node.op === add.name) {
    const other = node.inputs[1] === undefined ? undefined : spreads.get(node.inputs[1]);
    if (!other || other.mean.length !== source.mean.length) return undefined;
    return { mean: source.mean.map((m, i) => m + other.mean[i]), variance: source.variance.map((v, i) => v + other.variance[i]) };
  }
  if (node.inputs.filter((id) => id !== undefined && spreads.has(id)).length !== 1) return undefined;
  // Pooling, views and the like: what they do to the mean they do, about, to the variance.
  const type = view.staticType(0);
  const evaluate = (values: Float64Array): Float64Array => {
    const inputs = node.inputs.map((id, i): Tensor | undefined => (i === 0 ? tensorOf(type, values) : id === undefined ? undefined : constantTensor(view.input(i))));
    return Float64Array.from(opOf(node).evaluate(view, inputs)[0].data);
  };
  return { mean: evaluate(source.mean), variance: evaluate(source.variance).map(Math.abs) };
}

/** A constant added, on either side: it moves the mean and leaves the variance. */
function shifted(node: Node, view: NodeView, spreads: ReadonlyMap<ValueId, Spread>): Spread | undefined {
  const source = node.inputs.flatMap((id) => (id === undefined ? [] : (spreads.get(id) ?? [])))[0];
  if (!source) return undefined;
  const inputs = node.inputs.map((id, i): Tensor | undefined => (id === undefined ? undefined : view.isConstant(i) ? constantTensor(view.input(i)) : tensorOf(view.staticType(i), source.mean)));
  const mean = Float64Array.from(opOf(node).evaluate(view, inputs)[0].data);
  return mean.length === source.mean.length ? { mean, variance: source.variance } : undefined;
}

function throughWeights(model: Model, node: Node, view: NodeView, source: Spread): Spread {
  const { groups, depth, count, offsets, groupStride } = layerRows(model, node)!;
  const weights = constantTensor(view.input(1)).data;
  const bias = view.isConstant(2) ? constantTensor(view.input(2)).data : undefined;
  const outputs = (view.type(1) as StaticType).shape[0];
  const mean = new Float64Array(count * outputs);
  const variance = new Float64Array(count * outputs);
  const isChannelsFirst = node.attributes.layout === 'nchw';
  for (let row = 0; row < count; row++) {
    for (let o = 0; o < outputs; o++) {
      const shift = Math.floor((o * groups) / outputs) * groupStride;
      let [m, v] = [bias ? bias[o] : 0, 0];
      for (let k = 0; k < depth; k++) {
        const at = offsets[row * depth + k];
        if (at < 0) continue;
        const w = weights[o * depth + k];
        m += w * source.mean[at + shift];
        v += w * w * source.variance[at + shift];
      }
      const at = isChannelsFirst ? o * count + row : row * outputs + o;
      [mean[at], variance[at]] = [m, v];
    }
  }
  return { mean, variance };
}

/** Mean and variance of normally distributed numbers cut off at two bounds. */
function clipped({ mean, variance }: Spread, low: number, high: number): Spread {
  if (low === -Infinity && high === Infinity) return { mean, variance };
  const result = { mean: mean.slice(), variance: variance.slice() };
  for (let i = 0; i < mean.length; i++) {
    const deviation = Math.sqrt(variance[i]);
    if (!(deviation > 0)) {
      result.mean[i] = Math.min(high, Math.max(low, mean[i]));
      continue;
    }
    // Numerically, over the middle of 64 equally likely stretches.
    let [sum, squares] = [0, 0];
    for (const z of NORMAL_QUANTILES) {
      const x = Math.min(high, Math.max(low, mean[i] + z * deviation));
      sum += x;
      squares += x * x;
    }
    result.mean[i] = sum / NORMAL_QUANTILES.length;
    result.variance[i] = Math.max(0, squares / NORMAL_QUANTILES.length - result.mean[i] ** 2);
  }
  return result;
}

/** Quantiles of the standard normal distribution at the middles of 64 equal shares, by its logistic approximation (error below 0.02). */
const NORMAL_QUANTILES = Array.from({ length: 64 }, (_, i) => {
  const share = (i + 0.5) / 64;
  const logit = Math.log(share / (1 - share));
  return logit / 1.702;
});
