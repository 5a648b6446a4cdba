import { weightLayers } from '../compress/plan';
import { elementCount, isStatic } from '../ir/dtype';
import { constantTensor } from '../ir/tensor';
import type { Graph, Model, Node, StaticType, ValueId } from '../ir/types';
import { fusedClamp } from '../ops/clamp-range';
import { NodeView } from '../ops/op';
import { softmax } from '../ops/softmax/op';
import { opOf } from '../ops/table';
import { lossOf, type Compared } from './losses';
import { batchShape, type Differentiated } from './rule';
import { Tape, type Port } from './tape';

/** Weights and biases of a layer with their places in the vector of all parameters. */
export interface Parameter {
  readonly value: ValueId;
  readonly at: number;
  readonly size: number;
}

/** A result that the model is trained for. */
export interface TargetPort extends Compared {
  /** Names of the graph's inputs: what is wanted, in the shape of the result, and the factor of its distance. */
  readonly name: string;
  readonly scale: string;
  /** The value of the model: for shares what goes into the last softmax. */
  readonly value: ValueId;
}

/**
 * A model's loss on a batch and its gradient with respect to all weights and biases, as an ONNX file that any runtime of
 * inference computes: inputs `parameters` [size], `input` [batch, ...], the targets and their scales; outputs `loss` [] and
 * `gradient` [size].
 */
export interface GradientGraph {
  readonly bytes: Uint8Array;
  readonly batch: number;
  readonly parameters: readonly Parameter[];
  readonly size: number;
  readonly targets: readonly TargetPort[];
}

/** A model that has no gradient graph, and why. */
export class NoGradient extends Error {}

/** Throws `NoGradient` where an op on the way has no rule or a result is no number. */
export function gradientGraph(model: Model, batch: number): GradientGraph {
  const { graph } = model;
  if (graph.inputs.length !== 1 || graph.states.length) throw new NoGradient('it has several inputs or a state');
  const tape = new Tape(batch);
  const builder = new Builder(model, tape);
  const targets = graph.outputs.map((id, i) => targetOf(model, tape, id, i));
  const input = graph.values.get(graph.inputs[0])!.type as StaticType;
  const losses = builder.run(targets);
  const gradient = tape.emit('Concat', builder.parameters.map(({ value }) => tape.reshape(builder.gradientOf(value), [-1])), { axis: 0 });
  tape.name(gradient, 'gradient');
  tape.name(losses.length === 1 ? losses[0] : tape.emit('Sum', losses), 'loss');
  const float = (name: string, shape: readonly number[]): Port => ({ name, type: { dtype: 'float32', shape } });
  const size = builder.parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  const inputs = [float('parameters', [size]), float('input', batchShape(tape, input.shape)), ...targets.flatMap(({ name, shape, scale }) => [float(name, shape), float(scale, [])])];
  return { bytes: tape.toOnnx(inputs, [float('loss', []), float('gradient', [size])]), batch, parameters: builder.parameters, size, targets };
}

/** What decisions are made of is compared, not the shares: there all is squeezed between 0 and 1. */
function targetOf({ graph, rounding }: Model, tape: Tape, id: ValueId, index: number): TargetPort {
  const maker = graph.nodes.find((node) => node.outputs[0] === id);
  const rank = graph.values.get(id)!.type.shape?.length ?? 0;
  const isShares = maker?.op === softmax.name && [-1, rank - 1].includes(new NodeView(graph, maker, rounding).int('axis', -1)) && new NodeView(graph, maker, rounding).int('beta', 1) === 1;
  const value = isShares ? maker.inputs[0]! : id;
  return { name: `target${index}`, scale: `scale${index}`, value, kind: isShares ? 'shares' : 'numbers', shape: batchShape(tape, batched(graph, value)) };
}

/** Shape of a value of real numbers whose axis 0 is a batch of one. */
function batched(graph: Graph, id: ValueId): readonly number[] {
  const { name, type } = graph.values.get(id)!;
  if (!isStatic(type) || type.dtype !== 'float32' || type.shape[0] !== 1) throw new NoGradient(`${name} is no batch of real numbers`);
  return type.shape;
}

class Builder {
  readonly parameters: readonly Parameter[];
  private readonly names = new Map<ValueId, string>();
  private readonly gradients = new Map<ValueId, string[]>();
  /** Values that depend on a parameter. */
  private readonly active = new Set<ValueId>();

  constructor(private readonly model: Model, private readonly tape: Tape) {
    const { graph } = model;
    const trained = new Set(weightLayers(graph).flatMap((node) => node.inputs.slice(1, 3).filter((id) => id !== undefined)));
    let at = 0;
    this.parameters = [...trained].map((value) => {
      const size = elementCount(graph.values.get(value)!.type.shape!);
      at += size;
      return { value, at: at - size, size };
    });
    if (!this.parameters.length) throw new NoGradient('it has no layer with weights');
    const pieces = tape.emitAll('Split', ['parameters', tape.integers(this.parameters.map(({ size }) => size))], this.parameters.length, { axis: 0 });
    this.parameters.forEach(({ value }, i) => this.names.set(value, tape.reshape(pieces[i], graph.values.get(value)!.type.shape!)));
    for (const { value } of this.parameters) this.active.add(value);
    this.names.set(graph.inputs[0], 'input');
  }

  /** The losses; gradients of parameters are known then. */
  run(targets: readonly TargetPort[]): string[] {
    const { graph, rounding } = this.model;
    const wanted = upstream(graph, targets.map(({ value }) => value));
    const back: { node: Node; backward: (gradient: string) => readonly (string | undefined)[] }[] = [];
    for (const node of graph.nodes.filter((other) => wanted.has(other))) {
      const view = new NodeView(graph, node, rounding);
      batched(graph, node.outputs[0]);
      const done = this.forward(view);
      this.names.set(node.outputs[0], done.result);
      if (node.inputs.some((id) => id !== undefined && this.active.has(id))) this.active.add(node.outputs[0]);
      back.push({ node, backward: (gradient) => done.backward(gradient, (i) => this.active.has(node.inputs[i]!)) });
    }
    const losses = targets.map((target) => {
      const { loss, gradient } = lossOf(this.tape, target, this.nameOf(target.value), target.name, target.scale);
      this.add(target.value, gradient);
      return loss;
    });
    for (const { node, backward } of back.reverse()) {
      if (!this.gradients.has(node.outputs[0]) || !this.active.has(node.outputs[0])) continue;
      backward(this.gradientOf(node.outputs[0])).forEach((name, i) => {
        if (name !== undefined && this.active.has(node.inputs[i]!)) this.add(node.inputs[i]!, name);
      });
    }
    return losses;
  }

  gradientOf(id: ValueId): string {
    const found = this.gradients.get(id);
    if (!found) return this.tape.emit('Expand', [this.tape.number(0), this.tape.integers(this.model.graph.values.get(id)!.type.shape!)]);
    return found.length === 1 ? found[0] : this.tape.emit('Sum', found);
  }

  private add(id: ValueId, gradient: string): void {
    this.gradients.set(id, [...(this.gradients.get(id) ?? []), gradient]);
  }

  private nameOf(id: ValueId): string {
    let name = this.names.get(id);
    if (name === undefined) {
      const value = this.model.graph.values.get(id)!;
      if (!value.constant || value.type.dtype !== 'float32') throw new NoGradient(`${value.name} is not known`);
      const { type, data } = constantTensor(value);
      this.names.set(id, (name = this.tape.constant(type, data)));
    }
    return name;
  }

  /** A node with its clamp and, for images with channels last, turned on the way in and out. */
  private forward(view: NodeView): Differentiated {
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
