import type { NodeView } from '../ops/op';
import type { Tape } from './tape';

/** An op on a batch, and the way back through it. */
export interface Differentiated {
  /** Name of the result, any fused clamp not applied yet. */
  readonly result: string;
  /** From the gradient of the result, that of each input that is wanted. */
  backward(gradient: string, wants: (input: number) => boolean): readonly (string | undefined)[];
}

/**
 * How an op is computed and differentiated by ONNX nodes. Inputs have a batch on axis 0 unless they are constants; images and
 * their weights come with channels first, whatever the node's layout. Undefined for a node that it cannot do.
 */
export type GradientRule = (node: NodeView, tape: Tape, inputs: readonly string[]) => Differentiated | undefined;

/** Shape of an input or output in a batch: a constant has none. */
export const batchShape = (tape: Tape, shape: readonly number[], isConstant = false): readonly number[] => (isConstant ? shape : [tape.batch, ...shape.slice(1)]);
