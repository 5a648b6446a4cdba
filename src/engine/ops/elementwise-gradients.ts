import { batchShape, type GradientRule } from '../gradient/rule';
import type { Tape } from '../gradient/tape';
import type { NodeView } from './op';

/** Rules of ops that work element by element. */

/** Two operands, broadcast by NumPy's rule: `backward` gives the gradients in the result's shape. */
const pair = (opType: string, backward: (tape: Tape, gradient: string, a: string, b: string, wants: (input: number) => boolean) => readonly (string | undefined)[]): GradientRule => (node, tape, [a, b]) => ({
  result: tape.emit(opType, [a, b]),
  backward: (gradient, wants) => backward(tape, gradient, a, b, wants).map((whole, i) => (whole === undefined ? undefined : summedTo(tape, node, i, whole))),
});

export const sumGradient = pair('Add', (_tape, gradient, _a, _b, wants) => [0, 1].map((i) => (wants(i) ? gradient : undefined)));
export const differenceGradient = pair('Sub', (tape, gradient, _a, _b, wants) => [wants(0) ? gradient : undefined, wants(1) ? tape.emit('Neg', [gradient]) : undefined]);
export const productGradient = pair('Mul', (tape, gradient, a, b, wants) => [wants(0) ? tape.emit('Mul', [gradient, b]) : undefined, wants(1) ? tape.emit('Mul', [gradient, a]) : undefined]);

/** What was repeated is added up again. */
function summedTo(tape: Tape, node: NodeView, input: number, gradient: string): string {
  const whole = batchShape(tape, node.outputType().shape);
  const own = batchShape(tape, node.staticType(input).shape, node.isConstant(input));
  const shift = whole.length - own.length;
  const axes = whole.flatMap((extent, axis) => (axis < shift || own[axis - shift] !== extent ? [axis] : []));
  return axes.length ? tape.reshape(tape.sum(gradient, axes, 1), own) : gradient;
}

/** One operand; the slope is told by the result. */
const single = (opType: string, slope: (tape: Tape, result: string) => string): GradientRule => (_node, tape, [x]) => {
  const result = tape.emit(opType, [x]);
  return { result, backward: (gradient) => [tape.emit('Mul', [gradient, slope(tape, result)])] };
};

export const sigmoidGradient = single('Sigmoid', (tape, y) => tape.emit('Mul', [y, tape.emit('Sub', [tape.number(1), y])]));
export const tanhGradient = single('Tanh', (tape, y) => tape.emit('Sub', [tape.number(1), tape.emit('Mul', [y, y])]));

/** Nothing but the clamp, which every op may have. */
export const clampGradient: GradientRule = (_node, _tape, [x]) => ({ result: x, backward: (gradient) => [gradient] });
