import { imageOf, stridesOf, type Layout } from '../window';
import type { NodeView } from '../op';

/** The same as x * gain + shift, per channel, in double precision. */
export function affineOf(node: NodeView, scale: ArrayLike<number>, bias: ArrayLike<number>, mean: ArrayLike<number>, variance: ArrayLike<number>): { gain: Float64Array; shift: Float64Array } {
  const epsilon = node.attributes.epsilon as number;
  const gain = Float64Array.from(scale, (s, c) => s / Math.sqrt(variance[c] + epsilon));
  return { gain, shift: Float64Array.from(bias, (b, c) => b - mean[c] * gain[c]) };
}

/** Elements from one channel to the next. */
export function channelStride(node: NodeView): number {
  const { shape } = node.staticType(0);
  if (shape.length < 3) return 1;
  const layout = node.text('layout') as Layout;
  return stridesOf(imageOf(shape, layout), layout).channel;
}
