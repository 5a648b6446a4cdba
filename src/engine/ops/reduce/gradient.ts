import { batchShape, type GradientRule } from '../../gradient/rule';
import { reducedAxes } from './axes';

/** Of means and sums within a sample. */
export const reduceGradient: GradientRule = (node, tape, [x]) => {
  const { shape } = node.staticType(0);
  const mode = node.text('mode');
  const axes = [...reducedAxes(node, shape.length)];
  if ((mode !== 'mean' && mode !== 'sum') || axes.includes(0)) return undefined;
  const share = mode === 'mean' ? 1 / axes.reduce((count, axis) => count * shape[axis], 1) : 1;
  const whole = batchShape(tape, shape);
  const sum = tape.sum(x, axes, node.flag('keepDims') ? 1 : 0);
  return {
    result: share === 1 ? sum : tape.scaled(sum, share),
    backward(gradient) {
      const kept = tape.reshape(gradient, whole.map((extent, axis) => (axes.includes(axis) ? 1 : extent)));
      return [tape.emit('Expand', [share === 1 ? kept : tape.scaled(kept, share), tape.integers(whole)])];
    },
  };
};
