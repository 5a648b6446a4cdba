import { batchShape, type GradientRule } from '../gradient/rule';
import { normalAxis } from './op';

/** Rules of ops that move elements about; none where samples would be mixed. */

export const viewGradient: GradientRule = (node, tape, [x]) => {
  const [from, to] = [node.staticType(0).shape, node.outputType().shape];
  if (to[0] !== 1) return undefined;
  return { result: tape.reshape(x, batchShape(tape, to)), backward: (gradient) => [tape.reshape(gradient, batchShape(tape, from))] };
};

export const transposeGradient: GradientRule = (node, tape, [x]) => {
  const permutation = node.ints('permutation');
  if (permutation[0] !== 0) return undefined;
  return { result: tape.transpose(x, permutation), backward: (gradient) => [tape.transpose(gradient, permutation.map((_, axis) => permutation.indexOf(axis)))] };
};

export const concatGradient: GradientRule = (node, tape, inputs) => {
  const axis = normalAxis(node.int('axis'), node.outputType().shape.length);
  if (axis === 0 || inputs.some((_, i) => node.isConstant(i))) return undefined;
  const sizes = inputs.map((_, i) => node.staticType(i).shape[axis]);
  return { result: tape.emit('Concat', inputs, { axis }), backward: (gradient) => tape.emitAll('Split', [gradient, tape.integers(sizes)], sizes.length, { axis }) };
};
