import type { Tape } from '../gradient/tape';
import { slide, type Window } from './window';

/** Each element of a gradient [batch, channels, out...] spread over its window, times weights: a transposed convolution to extents `spatial`, from extents `from`. */
export function windowTransposed(tape: Tape, gradient: string, weights: string, window: Window, spatial: readonly number[], group: number, from: readonly number[] = slide(spatial, window)): string {
  const { kernel, strides, dilations, padBegin } = window;
  const reached = spatial.map((_, axis) => (from[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - padBegin[axis]);
  // What no window reached gets zeros; what windows reached beyond the end is cut off.
  const padEnd = reached.map((end, axis) => Math.max(0, end - spatial[axis]));
  const missing = reached.map((end, axis) => Math.max(0, spatial[axis] - end));
  const result = tape.emit('ConvTranspose', [gradient, weights], { kernel_shape: kernel, strides, dilations, pads: [...padBegin, ...padEnd], group });
  if (missing.every((m) => m === 0)) return result;
  return tape.emit('Pad', [result, tape.integers([0, 0, ...spatial.map(() => 0), 0, 0, ...missing])]);
}
