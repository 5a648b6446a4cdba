import type { GradientRule } from '../../gradient/rule';
import type { Tape } from '../../gradient/tape';
import { elementCount } from '../../ir/dtype';
import { slide, type Image, type Window } from '../window';
import { windowTransposed } from '../window-gradient';
import { geometry, type ConvGeometry } from './geometry';

/** Smallest int64 that Slice takes for "up to the very beginning". */
const BEFORE_ALL = -(2 ** 31);

export const convGradient: GradientRule = (node, tape, inputs) => {
  const shape = geometry(node);
  const { window, input, group } = shape;
  const to = slide(input.spatial, window);
  const [image, weights] = inputs;
  return {
    result: tape.emit('Conv', inputs, { ...windowAttributes(window), group }),
    backward: (gradient, wants) => [
      wants(0) ? ofImage(tape, shape, weights, gradient) : undefined,
      wants(1) ? ofWeights(tape, shape, image, gradient, elementCount(to)) : undefined,
      wants(2) ? tape.sum(gradient, [0, ...to.map((_, axis) => axis + 2)]) : undefined,
    ],
  };
};

const windowAttributes = ({ kernel, strides, dilations, padBegin, padEnd }: Window): Record<string, readonly number[]> => ({ kernel_shape: kernel, strides, dilations, pads: [...padBegin, ...padEnd] });

/** Every window as a column, made by a convolution with one-hot kernels, times the gradient: twice as fast in onnxruntime as a convolution over the batch. */
function ofWeights(tape: Tape, { window, input, outputChannels, group }: ConvGeometry, image: string, gradient: string, positions: number): string {
  const taps = elementCount(window.kernel);
  const rows = (input.channels * taps) / group;
  const columns = tape.reshape(isPointwise(window) ? image : tape.emit('Conv', [image, oneHot(tape, input, window)], { ...windowAttributes(window), group: input.channels }), [tape.batch, group, rows, positions]);
  const results = tape.reshape(gradient, [tape.batch, group, outputChannels / group, positions]);
  const products = tape.emit('MatMul', [results, tape.transpose(columns, [0, 1, 3, 2])]);
  return tape.reshape(tape.sum(products, [0]), [outputChannels, input.channels / group, ...window.kernel]);
}

const isPointwise = ({ kernel, strides, padBegin, padEnd }: Window): boolean => [...kernel, ...strides].every((x) => x === 1) && [...padBegin, ...padEnd].every((x) => x === 0);

function oneHot(tape: Tape, { channels }: Image, { kernel }: Window): string {
  const taps = elementCount(kernel);
  const data = new Float32Array(channels * taps * taps);
  for (let row = 0; row < channels * taps; row++) data[row * taps + (row % taps)] = 1;
  return tape.constant({ dtype: 'float32', shape: [channels * taps, 1, ...kernel] }, data);
}

/** With a stride of one a convolution with flipped weights: two to three times as fast as a transposed one. */
function ofImage(tape: Tape, shape: ConvGeometry, weights: string, gradient: string): string {
  const { window, input, outputChannels, group } = shape;
  const { kernel, strides, dilations } = window;
  const reach = kernel.map((k, axis) => (k - 1) * dilations[axis]);
  const pads = [...window.padBegin, ...window.padEnd].map((pad, i) => reach[i % kernel.length] - pad);
  if (strides.some((s) => s !== 1) || pads.some((pad) => pad < 0)) return windowTransposed(tape, gradient, weights, window, input.spatial, group);
  const axes = kernel.map((_, axis) => axis + 2);
  const flipped = tape.emit('Slice', [weights, tape.integers(axes.map(() => -1)), tape.integers(axes.map(() => BEFORE_ALL)), tape.integers(axes), tape.integers(axes.map(() => -1))]);
  const parts = tape.reshape(flipped, [group, outputChannels / group, input.channels / group, ...kernel]);
  const turned = tape.transpose(parts, [0, 2, 1, ...axes.map((axis) => axis + 1)]);
  return tape.emit('Conv', [gradient, tape.reshape(turned, [input.channels, outputChannels / group, ...kernel])], { kernel_shape: kernel, dilations, pads, group });
}
