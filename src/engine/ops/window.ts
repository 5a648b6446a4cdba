import type { OnnxNode } from '../formats/onnx/mapping';
import type { Attributes } from '../ir/types';
import { ShapeError, type NodeView } from './op';

/**
 * Windows that slide over the spatial axes of an image: what convolution and pooling share. Tensors are `nchw` or `nhwc`
 * with one to three spatial axes in the middle or at the end.
 */

export type Layout = 'nchw' | 'nhwc';

export interface Window {
  readonly layout: Layout;
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Elements added before each spatial axis, and after it. */
  readonly padBegin: readonly number[];
  readonly padEnd: readonly number[];
}

/** Batch, channels and spatial extents of an image shape. */
export interface Image {
  readonly batch: number;
  readonly channels: number;
  readonly spatial: readonly number[];
}

export function imageOf(shape: readonly number[], layout: Layout): Image {
  if (shape.length < 3) throw new ShapeError(`an image needs three axes or more, this one has ${shape.length}`);
  return layout === 'nchw'
    ? { batch: shape[0], channels: shape[1], spatial: shape.slice(2) }
    : { batch: shape[0], channels: shape[shape.length - 1], spatial: shape.slice(1, -1) };
}

export const shapeOfImage = (image: Image, layout: Layout): number[] =>
  layout === 'nchw' ? [image.batch, image.channels, ...image.spatial] : [image.batch, ...image.spatial, image.channels];

/** Element strides of batch, channel and each spatial axis. */
export function stridesOf(image: Image, layout: Layout): { batch: number; channel: number; spatial: number[] } {
  const area = image.spatial.reduce((a, b) => a * b, 1);
  const unit = layout === 'nchw' ? 1 : image.channels;
  const spatial = image.spatial.map((_, axis) => image.spatial.slice(axis + 1).reduce((a, b) => a * b, 1) * unit);
  return { batch: area * image.channels, channel: layout === 'nchw' ? area : 1, spatial };
}

export function windowOf(node: NodeView, kernel: readonly number[]): Window {
  const ones = kernel.map(() => 1);
  const pads = node.ints('pads', [...kernel, ...kernel].map(() => 0));
  const rank = kernel.length;
  const window: Window = {
    layout: node.text('layout') as Layout,
    kernel,
    strides: node.ints('strides', ones),
    dilations: node.ints('dilations', ones),
    padBegin: pads.slice(0, rank),
    padEnd: pads.slice(rank),
  };
  const valid = (list: readonly number[], least: number): boolean => list.length === rank && list.every((x) => Number.isInteger(x) && x >= least);
  if (!valid(window.kernel, 1) || !valid(window.strides, 1) || !valid(window.dilations, 1)) throw new ShapeError('kernel, strides and dilations must be positive, one for each spatial axis');
  if (pads.length !== 2 * rank) throw new ShapeError(`${pads.length} pads for ${rank} spatial axes`);
  return window;
}

/** Spatial extents after sliding: floor((in + pads - reach) / stride) + 1, or ceil where asked (ONNX ceil_mode). */
export function slide(spatial: readonly number[], window: Window, ceilMode = false): number[] {
  if (spatial.length !== window.kernel.length) throw new ShapeError(`a ${window.kernel.length}-D window over ${spatial.length} spatial axes`);
  return spatial.map((extent, axis) => {
    if (extent < 0) return -1;
    const padded = extent + window.padBegin[axis] + window.padEnd[axis];
    const steps = (padded - (window.kernel[axis] - 1) * window.dilations[axis] - 1) / window.strides[axis];
    if (steps < 0) throw new ShapeError(`a window of ${window.kernel.join('×')} does not fit into ${spatial.join('×')}`);
    const result = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that would start in the end padding is left out (onnx PR 5741).
    return ceilMode && (result - 1) * window.strides[axis] >= extent + window.padBegin[axis] ? result - 1 : result;
  });
}

/** Calls `visit` for each output position with the window's taps that lie inside of the image. */
export function forEachWindow(input: Image, output: Image, window: Window, visit: (outputOffset: number, taps: readonly Tap[]) => void): void {
  const inStrides = stridesOf(input, window.layout).spatial;
  const outStrides = stridesOf(output, window.layout).spatial;
  const rank = window.kernel.length;
  const position = new Array<number>(rank).fill(0);
  const total = output.spatial.reduce((a, b) => a * b, 1);
  for (let i = 0; i < total; i++) {
    let taps: Tap[] = [{ input: 0, kernel: 0 }];
    for (let axis = 0; axis < rank; axis++) {
      const next: Tap[] = [];
      for (const tap of taps) {
        for (let k = 0; k < window.kernel[axis]; k++) {
          const at = position[axis] * window.strides[axis] - window.padBegin[axis] + k * window.dilations[axis];
          if (at >= 0 && at < input.spatial[axis]) next.push({ input: tap.input + at * inStrides[axis], kernel: tap.kernel * window.kernel[axis] + k });
        }
      }
      taps = next;
    }
    visit(position.reduce((sum, p, axis) => sum + p * outStrides[axis], 0), taps);
    for (let axis = rank - 1; axis >= 0 && ++position[axis] === output.spatial[axis]; axis--) position[axis] = 0;
  }
}

/** One element under the window: its offset in the image's channel 0, and its place in the kernel, row-major. */
export interface Tap {
  readonly input: number;
  readonly kernel: number;
}

/** Window attributes of an ONNX node (`pads`, `auto_pad`, ...) as the IR names them. */
export function importWindow(node: OnnxNode, spatial: readonly number[], kernel: readonly number[]): Attributes {
  const rank = kernel.length;
  const ones = kernel.map(() => 1);
  const strides = node.ints('strides') ?? ones;
  const dilations = node.ints('dilations') ?? ones;
  const autoPad = node.text('auto_pad', 'NOTSET');
  let pads = [...(node.ints('pads') ?? [...ones, ...ones].map(() => 0))];
  if (autoPad === 'VALID') pads = pads.map(() => 0);
  if (autoPad.startsWith('SAME')) {
    if (spatial.some((extent) => extent < 0)) node.refuse('automatic padding of an image of unknown size');
    for (let axis = 0; axis < rank; axis++) {
      const reach = (kernel[axis] - 1) * dilations[axis] + 1;
      const total = Math.max(0, (Math.ceil(spatial[axis] / strides[axis]) - 1) * strides[axis] + reach - spatial[axis]);
      const small = Math.floor(total / 2);
      pads[axis] = autoPad === 'SAME_UPPER' ? small : total - small;
      pads[axis + rank] = total - pads[axis];
    }
  }
  return { layout: 'nchw', kernel, strides, dilations, pads };
}

/** `3×3`, `3×3 /2` for stride 2, `3×3 d2` for dilation 2. */
export function windowLabel(kernel: readonly number[], strides: readonly number[], dilations: readonly number[]): string {
  const same = (list: readonly number[]): string => (list.every((x) => x === list[0]) ? String(list[0]) : list.join('×'));
  const stride = strides.some((s) => s !== 1) ? ` /${same(strides)}` : '';
  const dilation = dilations.some((d) => d !== 1) ? ` d${same(dilations)}` : '';
  return `${kernel.join('×')}${stride}${dilation}`;
}
