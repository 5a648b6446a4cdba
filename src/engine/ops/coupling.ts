import type { Attributes } from '../ir/types';
import type { NodeView } from './op';
import { imageOf, type Layout } from './window';

/** An axis of one of a node's inputs or outputs. */
export interface Axis {
  readonly side: 'input' | 'output';
  readonly index: number;
  readonly axis: number;
}

/** Says which entries of axes go together: if one is left out, so are the others. An entry that no rule names stays. */
export interface EntryJoiner {
  join(a: Axis, entryOfA: number, b: Axis, entryOfB: number): void;
  /** The whole axis is made of others, the first varying slowest: its entries go with those of one part, the other parts stay. */
  joinParts(parts: readonly Axis[], whole: Axis): void;
}

/**
 * How entries of axes (channels, neurons, hidden units) hang together through an op when some are left out, such that what is
 * left computes the same for the others. Where an op has none, all that touches it stays.
 */
export interface Coupling {
  join(node: NodeView, entries: EntryJoiner): void;
  /** Attributes that change with shapes; the view has the new types. */
  resized?(node: NodeView): Attributes;
}

export const input = (index: number, axis: number): Axis => ({ side: 'input', index, axis });
export const output = (axis: number, index = 0): Axis => ({ side: 'output', index, axis });

/** Entry by entry, from `atA` on with those from `atB` on. */
export function joinRange(entries: EntryJoiner, a: Axis, b: Axis, count: number, atA = 0, atB = 0): void {
  for (let i = 0; i < count; i++) entries.join(a, atA + i, b, atB + i);
}

/** Every axis of input 0 with the same axis of output 0, but for some. */
export function joinAxes(node: NodeView, entries: EntryJoiner, except: ReadonlySet<number> = new Set()): void {
  const { shape } = node.staticType(0);
  shape.forEach((extent, axis) => {
    if (!except.has(axis)) joinRange(entries, input(0, axis), output(axis), extent);
  });
}

/** Element by element, operands broadcast by NumPy's rule. */
export const elementwise: Coupling = {
  join(node, entries) {
    const { shape } = node.outputType();
    node.node.inputs.forEach((id, index) => {
      if (id === undefined) return;
      const own = node.staticType(index).shape;
      const shift = shape.length - own.length;
      own.forEach((extent, axis) => {
        if (extent === shape[axis + shift]) joinRange(entries, input(index, axis), output(axis + shift), extent);
      });
    });
  },
};

/** Element by element along all axes but those that the op works across. */
export const acrossAxes = (across: (node: NodeView) => readonly number[], resized?: Coupling['resized']): Coupling => ({
  join: (node, entries) => joinAxes(node, entries, new Set(across(node))),
  ...(resized ? { resized } : {}),
});

/** Axis of an image's channels. */
export const channelAxis = (node: NodeView, rank = node.staticType(0).shape.length): number => ((node.attributes.layout as Layout) === 'nchw' ? 1 : rank - 1);

/** Windows that slide over each channel by itself. */
export const perChannel: Coupling = {
  join(node, entries) {
    const axis = channelAxis(node);
    joinRange(entries, input(0, axis), output(axis), imageOf(node.staticType(0).shape, node.text('layout') as Layout).channels);
  },
};

/** Constants with an entry for each channel of input 0, by which each channel is changed. */
export const channelwise = (axisOf: (node: NodeView) => number): Coupling => ({
  join(node, entries) {
    joinAxes(node, entries);
    const axis = axisOf(node);
    node.node.inputs.slice(1).forEach((id, i) => {
      if (id !== undefined) joinRange(entries, input(0, axis), input(i + 1, 0), node.staticType(0).shape[axis]);
    });
  },
});

/**
 * Convolutions: weights have output channels on axis 0 and the input channels of one group on `channelAxis`. Groups stay as
 * many as they are, so that the same position of every group goes together; with one input channel a group whole groups go.
 */
export const convolution: Coupling = {
  join(node, entries) {
    const axis = channelAxis(node);
    const weights = node.staticType(1).shape;
    const group = node.int('group', 1);
    const inner = channelAxis(node, weights.length);
    const outputs = weights[0];
    joinRange(entries, output(axis), input(1, 0), outputs);
    if (node.has(2)) joinRange(entries, output(axis), input(2, 0), outputs);
    const [perInput, perOutput] = [weights[inner], outputs / group];
    if (group > 1 && perInput === 1) {
      for (let o = 0; o < outputs; o++) entries.join(output(axis), o, input(0, axis), Math.floor(o / perOutput));
      return;
    }
    for (let g = 0; g < group; g++) {
      joinRange(entries, input(1, inner), input(0, axis), perInput, 0, g * perInput);
      if (g > 0) joinRange(entries, output(axis), output(axis), perOutput, 0, g * perOutput);
    }
  },
  resized(node) {
    const weights = node.staticType(1).shape;
    const channels = node.staticType(0).shape[channelAxis(node)];
    return { group: channels / weights[channelAxis(node, weights.length)] };
  },
};

/** The same elements in order under another shape: an entry of an axis that is merged with others has many places in the result. */
export const reshaping: Coupling = {
  join(node, entries) {
    const [from, to] = [node.staticType(0).shape, node.outputType().shape];
    for (const { a, b } of commonFactors(from, to)) joinBlock(entries, a, b, from, to);
  },
  resized: (node) => ({ shape: node.outputType().shape }),
};

interface Block {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** Runs of axes of both shapes with equal numbers of elements, as short as they can be. */
function commonFactors(from: readonly number[], to: readonly number[]): Block[] {
  const blocks: Block[] = [];
  let [i, j] = [0, 0];
  while (i < from.length && j < to.length) {
    const [a, b] = [[i], [j]];
    let [x, y] = [from[i++], to[j++]];
    while (x !== y) {
      if (x < y && i < from.length) x *= from[a[a.push(i++) - 1]];
      else if (y < x && j < to.length) y *= to[b[b.push(j++) - 1]];
      else return blocks;
    }
    blocks.push({ a, b });
  }
  return blocks;
}

function joinBlock(entries: EntryJoiner, a: readonly number[], b: readonly number[], from: readonly number[], to: readonly number[]): void {
  const [wideA, wideB] = [a.filter((axis) => from[axis] > 1), b.filter((axis) => to[axis] > 1)];
  if (wideA.length === 1 && wideB.length === 1) joinRange(entries, input(0, wideA[0]), output(wideB[0]), from[wideA[0]]);
  else if (wideB.length === 1) entries.joinParts(wideA.map((axis) => input(0, axis)), output(wideB[0]));
  else if (wideA.length === 1) entries.joinParts(wideB.map((axis) => output(axis)), input(0, wideA[0]));
}
