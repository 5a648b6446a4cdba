import type { OnnxAttributeValue, OnnxNode } from '../formats/onnx/mapping';
import type { TfliteNode, TfliteWriter } from '../formats/tflite/mapping';
import type { Attributes, Quantization, TensorType } from '../ir/types';
import { resultDtype, ShapeError, type NodeView } from './op';
import { importTfliteWindow, planeOf, writeTfliteWindow } from './tflite-window';
import { imageOf, importWindow, shapeOfImage, slide, windowLabel, windowOf, type Image, type Layout, type Window } from './window';

/** What maximum and average pooling share. */

export interface PoolGeometry {
  readonly window: Window;
  readonly from: Image;
  readonly to: Image;
}

export function poolGeometry(node: NodeView): PoolGeometry {
  const window = windowOf(node, node.ints('kernel'));
  return { window, from: imageOf(node.staticType(0).shape, window.layout), to: imageOf(node.outputType().shape, window.layout) };
}

export function poolInfer(node: NodeView, quantization?: Quantization): readonly TensorType[] {
  const { shape, dtype } = node.type(0);
  if (!shape) throw new ShapeError('the image has no known shape');
  const window = windowOf(node, node.ints('kernel'));
  const image = imageOf(shape, window.layout);
  const spatial = slide(image.spatial, window, node.flag('ceilMode'));
  return [{ dtype: quantization ? dtype : resultDtype(node), shape: shapeOfImage({ ...image, spatial }, window.layout), quantization }];
}

export const poolLabel = (name: string, node: NodeView): string =>
  `${name} ${windowLabel(node.ints('kernel'), node.ints('strides', [1]), node.ints('dilations', [1]))}`;

export function importPool(node: OnnxNode): Attributes {
  const { shape } = node.type(0);
  const kernel = node.ints('kernel_shape');
  if (!shape || !kernel) return node.refuse('an image of unknown rank');
  return { ...importWindow(node, shape.slice(2), kernel), ceilMode: node.int('ceil_mode', 0) === 1 };
}

export function exportPool(node: NodeView): Record<string, OnnxAttributeValue> {
  const kernel = node.ints('kernel');
  return {
    kernel_shape: kernel,
    strides: node.ints('strides', kernel.map(() => 1)),
    pads: node.ints('pads', [...kernel, ...kernel].map(() => 0)),
    ceil_mode: node.flag('ceilMode') ? 1 : undefined,
  };
}

export function importTflitePool(node: TfliteNode): Attributes {
  const image = node.type(0).shape ?? node.refuse('an image of unknown rank');
  return importTfliteWindow(node, [node.number('filterHeight'), node.number('filterWidth')], image, false);
}

/** Pooling counts no padding, so pads that TFLite has no word for cannot be written. */
export function exportTflitePool(node: NodeView, writer: TfliteWriter, op: string): void {
  const kernel = node.ints('kernel');
  if (node.ints('dilations', [1]).some((d) => d !== 1)) return writer.refuse('a window with gaps');
  const plane = planeOf(node, writer, kernel, node.type(0).quantization);
  const { input, options } = writeTfliteWindow(node, writer, plane, false);
  const [filterHeight, filterWidth] = plane.kernel;
  writer.emit(op, [input], [plane.output], { ...options, filterHeight, filterWidth, fusedActivationFunction: writer.activation() });
  plane.finish();
}

/** Members of the C parameter struct; one spatial axis is an image of height 1. */
export function poolMembers(node: NodeView): Record<string, number> {
  const { window, from, to } = poolGeometry(node);
  const plane = (list: readonly number[], filler: number): readonly number[] => (list.length === 1 ? [filler, list[0]] : list);
  const [inH, inW] = plane(from.spatial, 1);
  const [outH, outW] = plane(to.spatial, 1);
  const [kernelH, kernelW] = plane(window.kernel, 1);
  const [strideH, strideW] = plane(window.strides, 1);
  const [padTop, padLeft] = plane(window.padBegin, 0);
  return {
    batch: from.batch, in_h: inH, in_w: inW, channels: from.channels, out_h: outH, out_w: outW,
    kernel_h: kernelH, kernel_w: kernelW, stride_h: strideH, stride_w: strideW, pad_top: padTop, pad_left: padLeft,
  };
}

/** What the portable pooling kernels can do. */
export const isPlainPool = (node: NodeView): boolean =>
  (node.text('layout') as Layout) === 'nhwc' && node.ints('kernel').length <= 2 && node.ints('dilations', [1]).every((d) => d === 1);

/** The same for means: where padding counts, no window may hang over it (rounding extents up does that), as its size is then another. */
export function isPlainMean(node: NodeView): boolean {
  if (!isPlainPool(node)) return false;
  if (!node.flag('countPadding')) return true;
  const { window, from, to } = poolGeometry(node);
  return from.spatial.every((extent, axis) => (to.spatial[axis] - 1) * window.strides[axis] + window.kernel[axis] <= window.padBegin[axis] + extent + window.padEnd[axis]);
}
