import type { Model, ValueId } from '../ir/types';
import { softmax } from '../ops/softmax/op';
import { Backpropagation, shapeOfOne } from './backpropagation';
import { checkPorts, floatPort, inputPort } from './gradient-graph';
import { batchShape } from './rule';
import { Tape } from './tape';

/** An axis of a value that is asked about. */
export interface WatchedAxis {
  readonly value: ValueId;
  readonly axis: number;
}

/**
 * How the loss of labelled samples (cross entropy) changes with activations, as an ONNX file: inputs `input` [batch, ...] and
 * `labels` (ones at the labels, zeros elsewhere); for each watched axis that the loss depends on an output [batch, entries], the
 * sum over all else of activation times gradient: the slope along a factor of that entry's activations.
 */
export interface SlopeGraph {
  readonly bytes: Uint8Array;
  readonly batch: number;
  /** Of the labels. */
  readonly shape: readonly number[];
  readonly slopes: readonly (WatchedAxis & { readonly name: string; readonly entries: number })[];
}

/** Throws `NoGradient` where an op on the way has no rule. */
export function slopeGraph(model: Model, batch: number, watched: readonly WatchedAxis[]): SlopeGraph {
  const { graph } = model;
  checkPorts(model);
  const tape = new Tape(batch);
  const last = graph.nodes.find((node) => node.outputs[0] === graph.outputs[0]);
  const logits = last?.op === softmax.name ? last.inputs[0]! : graph.outputs[0];
  const way = new Backpropagation(model, tape, new Map([[graph.inputs[0], 'input']]), new Set(watched.map(({ value }) => value)));
  way.forward([logits]);
  way.backward([{ value: logits, gradient: tape.emit('Sub', [tape.emit('Softmax', [way.nameOf(logits)], { axis: -1 }), 'labels']) }]);
  const slopes = watched.filter(({ value }) => way.reaches(value)).map((place, i) => {
    const shape = shapeOfOne(graph, place.value);
    const product = tape.emit('Mul', [way.nameOf(place.value), way.gradientOf(place.value)]);
    const name = `slopes${i}`;
    tape.name(tape.sum(product, shape.flatMap((_, axis) => (axis === 0 || axis === place.axis ? [] : [axis]))), name);
    return { ...place, name, entries: shape[place.axis] };
  });
  const shape = batchShape(tape, shapeOfOne(graph, logits));
  return { bytes: tape.toOnnx([inputPort(model, tape), floatPort('labels', shape)], slopes.map(({ name, entries }) => floatPort(name, [batch, entries]))), batch, shape, slopes };
}
