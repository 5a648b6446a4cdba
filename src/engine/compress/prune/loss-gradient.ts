import { elementCount } from '../../ir/dtype';
import { tensorOf } from '../../ir/tensor';
import type { Model, Node, StaticType, ValueId } from '../../ir/types';
import { add } from '../../ops/add/op';
import { averagePool } from '../../ops/average-pool/op';
import { fusedClamp } from '../../ops/clamp-range';
import { conv } from '../../ops/conv/op';
import { dense } from '../../ops/dense/op';
import { maxPool } from '../../ops/max-pool/op';
import { NodeView } from '../../ops/op';
import { poolGeometry } from '../../ops/pool';
import { reducedAxes } from '../../ops/reduce/axes';
import { reduce } from '../../ops/reduce/op';
import { softmax } from '../../ops/softmax/op';
import { opOf } from '../../ops/table';
import { forEachWindow, stridesOf } from '../../ops/window';
import { layerRows } from '../layer-rows';
import { layerWeights } from '../layer-weights';
import type { Site } from './units';

type Values = ReadonlyMap<ValueId, ArrayLike<number>>;

/** Adds to the gradient of a node's input 0, from that of its output. */
type Backward = (from: Float64Array, into: Float64Array, values: Values) => void;

/**
 * How much the loss (cross entropy of the label) changes, to first order, when a unit's activations become zero: the square of
 * activation times gradient, summed over the unit's places (Molchanov et al. 2019, arXiv 1906.10771), mean over samples. The
 * gradient is exact: a reverse pass over the ops that networks with channels are made of; a unit that no gradient reaches has none.
 */
export class LossGradient {
  readonly watched: readonly ValueId[];
  private readonly steps: readonly { readonly node: Node; readonly backward: Backward; readonly all: boolean; readonly clamp: { readonly min: number; readonly max: number } }[];
  private readonly logits: ValueId;
  private readonly sums: readonly Float64Array[];
  private readonly reached: ReadonlySet<ValueId>;

  constructor(private readonly model: Model, private readonly sites: readonly Site[]) {
    const { graph } = model;
    const last = graph.nodes.find((node) => node.outputs[0] === graph.outputs[0]);
    this.logits = last?.op === softmax.name ? last.inputs[0]! : graph.outputs[0];
    const reached = new Set<ValueId>([this.logits]);
    this.steps = [...graph.nodes].reverse().flatMap((node) => {
      if (!reached.has(node.outputs[0])) return [];
      const backward = backwardOf(model, node);
      if (!backward) return [];
      const all = node.op === add.name;
      for (const id of all ? node.inputs : node.inputs.slice(0, 1)) if (!graph.values.get(id!)!.constant) reached.add(id!);
      const { min, max } = fusedClamp(new NodeView(graph, node, model.rounding));
      return [{ node, backward, all, clamp: { min: min ?? -Infinity, max: max ?? Infinity } }];
    });
    this.reached = reached;
    this.watched = [...new Set([...reached])];
    this.sums = sites.map((site) => new Float64Array(site.units.length));
  }

  /** One sample: `values` are those that are watched. */
  add(values: Values, label: number): void {
    const gradients = new Map<ValueId, Float64Array>([[this.logits, lossGradient(values.get(this.logits)!, label)]]);
    const gradientOf = (id: ValueId): Float64Array => {
      let found = gradients.get(id);
      if (!found) gradients.set(id, (found = new Float64Array(values.get(id)!.length)));
      return found;
    };
    for (const { node, backward, all, clamp } of this.steps) {
      const result = values.get(node.outputs[0])!;
      // What a clamp cut off does not change with a little more or less of it.
      const from = gradientOf(node.outputs[0]).map((g, i) => (result[i] <= clamp.min || result[i] >= clamp.max ? 0 : g));
      for (const id of all ? node.inputs : node.inputs.slice(0, 1)) if (this.reached.has(id!)) backward(from, gradientOf(id!), values);
    }
    this.sites.forEach((site, s) => {
      const made = new Set(site.makers.map((id) => this.model.graph.nodes.find((node) => node.id === id)!.outputs[0]));
      site.units.forEach(({ places }, u) => {
        let sum = 0;
        for (const { value, axis, entry } of places) if (made.has(value) && gradients.has(value)) sum += along(this.shapeOf(value), axis, entry, values.get(value)!, gradients.get(value)!);
        this.sums[s][u] += sum * sum;
      });
    });
  }

  /** Of the units of a site; undefined where no gradient reaches them. */
  scores(site: Site): Float64Array | undefined {
    const sums = this.sums[this.sites.indexOf(site)];
    return sums?.some((sum) => sum > 0) ? sums : undefined;
  }

  private shapeOf(id: ValueId): readonly number[] {
    return (this.model.graph.values.get(id)!.type as StaticType).shape;
  }
}

/** Softmax minus the label's one. */
function lossGradient(logits: ArrayLike<number>, label: number): Float64Array {
  const values = Float64Array.from(logits);
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = values.map((x) => Math.exp(x - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x, i) => x / sum - (i === label ? 1 : 0));
}

/** Sum of activation times gradient over one entry of an axis. */
function along(shape: readonly number[], axis: number, entry: number, values: ArrayLike<number>, gradient: Float64Array): number {
  const inner = elementCount(shape.slice(axis + 1));
  let sum = 0;
  for (let from = entry * inner; from < values.length; from += shape[axis] * inner) for (let i = from; i < from + inner; i++) sum += values[i] * gradient[i];
  return sum;
}

function backwardOf(model: Model, node: Node): Backward | undefined {
  const view = new NodeView(model.graph, node, model.rounding);
  if (node.op === conv.name || node.op === dense.name) return ofLayer(model, node);
  if (node.op === add.name) return sameShapes(view) ? (from, into) => from.forEach((g, i) => (into[i] += g)) : undefined;
  if (node.op === averagePool.name || node.op === maxPool.name) return ofPool(view);
  if (node.op === reduce.name && view.text('mode') === 'mean') return ofMean(view);
  const op = opOf(node);
  if (!op.isView && !op.onlyMoves) return undefined;
  // Where each element comes from, by moving its number.
  const type = view.staticType(0);
  const [moved] = op.evaluate(view, [tensorOf({ dtype: 'float64', shape: type.shape }, Array.from({ length: elementCount(type.shape) }, (_, i) => i)), ...node.inputs.slice(1).map((_, i) => view.constant(i + 1))]);
  return (from, into) => from.forEach((g, i) => (into[moved.data[i]] += g));
}

const sameShapes = (view: NodeView): boolean => [0, 1].every((i) => view.staticType(i).shape.join() === view.outputType().shape.join());

function ofLayer(model: Model, node: Node): Backward | undefined {
  const rows = layerRows(model, node);
  if (!rows || !model.graph.values.get(node.inputs[1]!)!.constant) return undefined;
  const { weights } = layerWeights(model, node.id);
  const { depth, offsets, count, groups, groupStride } = rows;
  const outputs = weights.length / depth;
  const isPlanar = node.attributes.layout === 'nchw';
  return (from, into) => {
    for (let row = 0; row < count; row++) {
      for (let o = 0; o < outputs; o++) {
        const g = from[isPlanar ? o * count + row : row * outputs + o];
        if (g === 0) continue;
        const shift = Math.floor((o * groups) / outputs) * groupStride;
        for (let i = 0; i < depth; i++) {
          const at = offsets[row * depth + i];
          if (at >= 0) into[at + shift] += g * weights[o * depth + i];
        }
      }
    }
  };
}

function ofPool(view: NodeView): Backward {
  const { window, from: image, to } = poolGeometry(view);
  const [inStride, outStride] = [stridesOf(image, window.layout).channel, stridesOf(to, window.layout).channel];
  const isMean = view.node.op === averagePool.name;
  const source = view.node.inputs[0]!;
  return (from, into, values) => {
    const x = values.get(source)!;
    forEachWindow(image, to, window, (offset, taps) => {
      for (let c = 0; c < image.channels; c++) {
        const g = from[c * outStride + offset];
        const at = taps.map((tap) => c * inStride + tap.input);
        if (isMean) for (const i of at) into[i] += g / taps.length;
        else into[at.reduce((best, i) => (x[i] > x[best] ? i : best), at[0])] += g;
      }
    });
  };
}

function ofMean(view: NodeView): Backward {
  const { shape } = view.staticType(0);
  const axes = reducedAxes(view, shape.length);
  const share = elementCount(view.outputType().shape) / elementCount(shape);
  return (from, into) => {
    for (let i = 0; i < into.length; i++) {
      let [to, rest] = [0, i];
      shape.forEach((extent, axis) => {
        const inner = elementCount(shape.slice(axis + 1));
        const position = Math.floor(rest / inner);
        rest -= position * inner;
        if (!axes.has(axis)) to = to * extent + position;
      });
      into[i] += from[to] * share;
    }
  };
}
