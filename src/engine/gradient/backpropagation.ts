import { constantTensor } from '../ir/tensor';
import { isStatic } from '../ir/dtype';
import type { Graph, Model, Node, ValueId } from '../ir/types';
import { fusedClamp } from '../ops/clamp-range';
import { NodeView } from '../ops/op';
import { opOf } from '../ops/table';
import type { Differentiated } from './rule';
import type { Tape } from './tape';

/** A model that has no gradient graph, and why. */
export class NoGradient extends Error {}

/** Shape of a value of real numbers whose axis 0 is a batch of one. */
export function shapeOfOne(graph: Graph, id: ValueId): readonly number[] {
  const { name, type } = graph.values.get(id)!;
  if (!isStatic(type) || type.dtype !== 'float32' || type.shape[0] !== 1) throw new NoGradient(`${name} is no batch of real numbers`);
  return type.shape;
}

/** A result and the gradient of the loss with respect to it. */
export interface Seed {
  readonly value: ValueId;
  readonly gradient: string;
}

/** A model on a batch and the way back through it, written to a tape. Throws `NoGradient` where an op on the way has no rule. */
export class Backpropagation {
  private readonly gradients = new Map<ValueId, string[]>();
  private readonly back: { readonly node: Node; backward(gradient: string): readonly (string | undefined)[] }[] = [];

  /** `names` are those of values that are known already; `active` are the values whose gradient is wanted, later also all that depend on them. */
  constructor(private readonly model: Model, private readonly tape: Tape, private readonly names: Map<ValueId, string>, private readonly active: Set<ValueId>) {}

  /** Computes what these values are made of. */
  forward(results: readonly ValueId[]): void {
    const { graph, rounding } = this.model;
    const wanted = upstream(graph, results);
    for (const node of graph.nodes.filter((other) => wanted.has(other))) {
      const view = new NodeView(graph, node, rounding);
      shapeOfOne(graph, node.outputs[0]);
      const done = this.layer(view);
      this.names.set(node.outputs[0], done.result);
      if (node.inputs.some((id) => id !== undefined && this.active.has(id))) this.active.add(node.outputs[0]);
      this.back.push({ node, backward: (gradient) => done.backward(gradient, (i) => this.active.has(node.inputs[i]!)) });
    }
  }

  /** From results back to all values whose gradient is wanted. */
  backward(seeds: readonly Seed[]): void {
    for (const { value, gradient } of seeds) this.add(value, gradient);
    for (const { node, backward } of this.back.reverse()) {
      if (!this.gradients.has(node.outputs[0]) || !node.inputs.some((id) => id !== undefined && this.active.has(id))) continue;
      backward(this.gradientOf(node.outputs[0])).forEach((name, i) => {
        if (name !== undefined && this.active.has(node.inputs[i]!)) this.add(node.inputs[i]!, name);
      });
    }
  }

  /** Whether anything that was compared depends on it. */
  reaches(id: ValueId): boolean {
    return this.gradients.has(id);
  }

  /** Zeros where nothing that was compared depends on it. */
  gradientOf(id: ValueId): string {
    const found = this.gradients.get(id);
    if (!found) return this.tape.emit('Expand', [this.tape.number(0), this.tape.integers(this.model.graph.values.get(id)!.type.shape!)]);
    return found.length === 1 ? found[0] : this.tape.emit('Sum', found);
  }

  /** Name of a value that is computed or constant. */
  nameOf(id: ValueId): string {
    let name = this.names.get(id);
    if (name === undefined) {
      const value = this.model.graph.values.get(id)!;
      if (!value.constant || value.type.dtype !== 'float32') throw new NoGradient(`${value.name} is not known`);
      const { type, data } = constantTensor(value);
      this.names.set(id, (name = this.tape.constant(type, data)));
    }
    return name;
  }

  private add(id: ValueId, gradient: string): void {
    this.gradients.set(id, [...(this.gradients.get(id) ?? []), gradient]);
  }

  /** A node with its clamp and, for images with channels last, turned on the way in and out. */
  private layer(view: NodeView): Differentiated {
    const { node } = view;
    const op = opOf(node);
    const inputs = node.inputs.filter((id) => id !== undefined).map((id) => this.nameOf(id));
    const images = node.attributes.layout === 'nhwc' ? (op.imageInputs ?? []) : [];
    const turn = (name: string, rank: number, back: boolean): string => this.tape.transpose(name, turned(rank, back));
    const done = op.gradient?.(view, this.tape, inputs.map((name, i) => (images.includes(i) ? turn(name, view.staticType(i).shape.length, false) : name)));
    if (!done || node.outputs.length !== 1) throw new NoGradient(`${op.label(view)} (${node.name}) has no gradient`);
    const rank = view.outputType().shape.length;
    const { result, mask } = this.clamped(view, images.length ? turn(done.result, rank, true) : done.result);
    return {
      result,
      backward(gradient, wants) {
        const open = mask ? mask(gradient) : gradient;
        return done.backward(images.length ? turn(open, rank, false) : open, wants).map((name, i) => (name !== undefined && images.includes(i) ? turn(name, view.staticType(i).shape.length, true) : name));
      },
    };
  }

  /** What a clamp cut off does not change with a little more or less of it. */
  private clamped(view: NodeView, name: string): { result: string; mask?: (gradient: string) => string } {
    const { min, max } = fusedClamp(view);
    const { tape } = this;
    if (min === undefined && max === undefined) return { result: name };
    const result = min === 0 && max === undefined ? tape.emit('Relu', [name]) : tape.emit('Clip', [name, min === undefined ? '' : tape.number(min), ...(max === undefined ? [] : [tape.number(max)])]);
    const inside = (): string => {
      if (min === 0 && max === undefined) return tape.emit('Cast', [result], { to: BOOL });
      const above = min === undefined ? undefined : tape.emit('Greater', [result, tape.number(min)]);
      const below = max === undefined ? undefined : tape.emit('Less', [result, tape.number(max)]);
      return above && below ? tape.emit('And', [above, below]) : (above ?? below)!;
    };
    return { result, mask: (gradient) => tape.emit('Mul', [gradient, tape.emit('Cast', [inside()], { to: FLOAT })]) };
  }
}

/** TensorProto.DataType. Source: onnx.proto. */
const [FLOAT, BOOL] = [1, 9];

/** From channels last to channels first, or back. */
const turned = (rank: number, back: boolean): number[] => {
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  return back ? [0, ...spatial.map((axis) => axis + 1), 1] : [0, rank - 1, ...spatial];
};

/** Nodes that some values depend on. */
function upstream(graph: Graph, ids: readonly ValueId[]): ReadonlySet<Node> {
  const wanted = new Set(ids);
  const found = new Set<Node>();
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((id) => wanted.has(id))) continue;
    found.add(node);
    for (const id of node.inputs) if (id !== undefined) wanted.add(id);
  }
  return found;
}
