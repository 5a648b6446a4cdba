import type { Attributes } from '../ir/types';
import type { OpDefinition } from './op';

/**
 * An op that is not understood, or whose meaning depends on values that are known only when the model runs: kept with its
 * name, inputs, outputs and attributes, shown as such, counted as unknown, refused by code generation, written back as it
 * came. The reference interpreter can run those that are understood once their inputs are known.
 */
export const opaque: OpDefinition = {
  name: 'opaque',
  label: (node) => node.text('sourceOp'),
  family: 'unknown',
  keepsConstants: true,
  infer: (node) => node.node.outputs.map((_, i) => node.output(i).type),
  evaluate(node) {
    throw new NotEvaluable(`${node.text('sourceOp')} cannot be evaluated: ${node.text('reason')}`);
  },
};

/** Nobody can say what a node computes. */
export class NotEvaluable extends Error {}

/** Attributes of an opaque node. */
export interface OpaqueAttributes extends Attributes {
  /** Op as the source names it, with its domain. */
  readonly sourceOp: string;
  /** Why it is opaque, in words. */
  readonly reason: string;
  /** The node in the source format's own encoding, without names of node, inputs and outputs. */
  readonly source: Uint8Array;
  /** Operator sets that it was read under, as `domain=version`. */
  readonly opsets: readonly string[];
  /** Inputs that the source lists; further inputs are outer values that its subgraphs read, under `captureNames`. */
  readonly declaredInputs: number;
  readonly captureNames: readonly string[];
}
