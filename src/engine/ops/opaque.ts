import type { OpDefinition } from './op';

/**
 * An op that is not understood: kept with its name, inputs, outputs and attributes, shown as such, counted as unknown,
 * refused by code generation. Attributes: sourceOp, reason, and those of the source.
 */
export const opaque: OpDefinition = {
  name: 'opaque',
  label: (node) => node.text('sourceOp'),
  family: 'unknown',
  keepsConstants: true,
  infer: (node) => node.node.outputs.map((_, i) => node.output(i).type),
  evaluate(node) {
    throw new Error(`${node.text('sourceOp')} cannot be evaluated`);
  },
};
