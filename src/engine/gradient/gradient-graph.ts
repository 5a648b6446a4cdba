import { weightLayers } from '../compress/plan';
import { elementCount } from '../ir/dtype';
import type { Graph, Model, ValueId } from '../ir/types';
import { NodeView } from '../ops/op';
import { softmax } from '../ops/softmax/op';
import { Backpropagation, NoGradient, shapeOfOne } from './backpropagation';
import { lossOf, type Compared } from './losses';
import { batchShape } from './rule';
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

/** Throws `NoGradient` where an op on the way has no rule or a result is no number. */
export function gradientGraph(model: Model, batch: number): GradientGraph {
  const { graph } = model;
  checkPorts(model);
  const tape = new Tape(batch);
  const parameters = parametersOf(graph);
  const size = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  const pieces = tape.emitAll('Split', ['parameters', tape.integers(parameters.map((parameter) => parameter.size))], parameters.length, { axis: 0 });
  const names = new Map(parameters.map(({ value }, i) => [value, tape.reshape(pieces[i], graph.values.get(value)!.type.shape!)]));
  const way = new Backpropagation(model, tape, names.set(graph.inputs[0], 'input'), new Set(parameters.map(({ value }) => value)));
  const targets = targetsOf(model, batch);
  way.forward(targets.map(({ value }) => value));
  const losses = targets.map((target) => lossOf(tape, target, way.nameOf(target.value), target.name, target.scale));
  way.backward(targets.map(({ value }, i) => ({ value, gradient: losses[i].gradient })));
  tape.name(tape.emit('Concat', parameters.map(({ value }) => tape.reshape(way.gradientOf(value), [-1])), { axis: 0 }), 'gradient');
  tape.name(losses.length === 1 ? losses[0].loss : tape.emit('Sum', losses.map(({ loss }) => loss)), 'loss');
  const inputs = [floatPort('parameters', [size]), inputPort(model, tape), ...targets.flatMap(({ name, shape, scale }) => [floatPort(name, shape), floatPort(scale, [])])];
  return { bytes: tape.toOnnx(inputs, [floatPort('loss', []), floatPort('gradient', [size])]), batch, parameters, size, targets };
}

/** Weights and biases of all layers, one after another. */
function parametersOf(graph: Graph): Parameter[] {
  let at = 0;
  const trained = new Set(weightLayers(graph).flatMap((node) => node.inputs.slice(1, 3).filter((id) => id !== undefined)));
  if (!trained.size) throw new NoGradient('it has no layer with weights');
  return [...trained].map((value) => {
    const size = elementCount(graph.values.get(value)!.type.shape!);
    at += size;
    return { value, at: at - size, size };
  });
}

export function checkPorts({ graph }: Model): void {
  if (graph.inputs.length !== 1 || graph.states.length) throw new NoGradient('it has several inputs or a state');
}

export const floatPort = (name: string, shape: readonly number[]): Port => ({ name, type: { dtype: 'float32', shape } });

export const inputPort = ({ graph }: Model, tape: Tape): Port => floatPort('input', batchShape(tape, shapeOfOne(graph, graph.inputs[0])));

/** What a model is trained for: all of its outputs. Throws `NoGradient` where one is no batch of real numbers. */
export const targetsOf = (model: Model, batch: number): TargetPort[] => model.graph.outputs.map((id, i) => targetOf(model, batch, id, i));

/** What decisions are made of is compared, not the shares: there all is squeezed between 0 and 1. */
function targetOf({ graph, rounding }: Model, batch: number, id: ValueId, index: number): TargetPort {
  const maker = graph.nodes.find((node) => node.outputs[0] === id);
  const rank = graph.values.get(id)!.type.shape?.length ?? 0;
  const isShares = maker?.op === softmax.name && [-1, rank - 1].includes(new NodeView(graph, maker, rounding).int('axis', -1)) && new NodeView(graph, maker, rounding).int('beta', 1) === 1;
  const value = isShares ? maker.inputs[0]! : id;
  return { name: `target${index}`, scale: `scale${index}`, value, kind: isShares ? 'shares' : 'numbers', shape: [batch, ...shapeOfOne(graph, value).slice(1)] };
}
