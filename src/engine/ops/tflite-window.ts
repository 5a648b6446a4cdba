import type { TfliteNode, TfliteWriter } from '../formats/tflite/mapping';
import { tensorOf } from '../ir/tensor';
import type { Attributes, Quantization } from '../ir/types';
import type { NodeView } from './op';
import { windowOf } from './window';

/** TFLite's windows: images are `nhwc`, padding is a word. */

const SAME = 0;
const VALID = 1;

/** Pads that give ceil(in / stride) steps, the greater half at the end. Source: TFLite ComputePaddingHeightWidth. */
export function samePads(spatial: readonly number[], kernel: readonly number[], strides: readonly number[], dilations: readonly number[]): number[] {
  const totals = spatial.map((extent, axis) => Math.max(0, (Math.ceil(extent / strides[axis]) - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - extent));
  return [...totals.map((total) => Math.floor(total / 2)), ...totals.map((total) => Math.ceil(total / 2))];
}

/** Window attributes of a two-dimensional operator. */
export function importTfliteWindow(node: TfliteNode, kernel: readonly number[], image: readonly number[], dilated: boolean): Attributes {
  const strides = [node.number('strideH'), node.number('strideW')];
  const dilations = dilated ? [node.number('dilationHFactor'), node.number('dilationWFactor')] : [1, 1];
  if (image.length !== 4) node.refuse(`an image of ${image.length} axes`);
  if ([...strides, ...dilations, ...kernel].some((x) => x < 1)) node.refuse('a window without extent');
  const spatial = image.slice(1, 3);
  const padding = node.number('padding');
  if (padding === SAME && spatial.some((extent) => extent < 0)) node.refuse('automatic padding of an image of unknown size');
  const pads = padding === SAME ? samePads(spatial, kernel, strides, dilations) : [0, 0, 0, 0];
  return { layout: 'nhwc', kernel, strides, dilations, pads };
}

/** The same with three spatial axes. */
export function importTfliteVolume(node: TfliteNode, kernel: readonly number[], image: readonly number[]): Attributes {
  const strides = [node.number('strideD'), node.number('strideH'), node.number('strideW')];
  const dilations = [node.number('dilationDFactor'), node.number('dilationHFactor'), node.number('dilationWFactor')];
  if (image.length !== 5 || kernel.length !== 3) node.refuse(`an image of ${image.length} axes`);
  if ([...strides, ...dilations, ...kernel].some((x) => x < 1)) node.refuse('a window without extent');
  const spatial = image.slice(1, 4);
  const padding = node.number('padding');
  if (padding === SAME && spatial.some((extent) => extent < 0)) node.refuse('automatic padding of an image of unknown size');
  return { layout: 'nhwc', kernel, strides, dilations, pads: padding === SAME ? samePads(spatial, kernel, strides, dilations) : [0, 0, 0, 0, 0, 0] };
}

/** A node's image as TFLite wants it, with two spatial axes, and where its result goes. */
export interface Plane {
  readonly input: number;
  readonly shape: readonly number[];
  readonly output: number;
  /** The window's kernel with two axes. */
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  /** Gives the result its own number of axes back. */
  finish(): void;
}

/**
 * An image with one spatial axis is one of height 1: a RESHAPE before and behind the operator. `quantization`: scale of the
 * operator's result, where it insists on one.
 */
export function planeOf(node: NodeView, writer: TfliteWriter, kernel: readonly number[], quantization?: Quantization): Plane {
  const { layout, strides, dilations, padBegin, padEnd } = windowOf(node, kernel);
  const [from, to] = [node.staticType(0), node.outputType()];
  if (layout !== 'nhwc' || kernel.length > 2) return writer.refuse('other axes than two, channels last');
  const pads = [...padBegin, ...padEnd];
  if (kernel.length === 2) return { input: writer.inputs[0], shape: from.shape, output: writer.outputIn(quantization), kernel, strides, dilations, pads, finish: () => {} };
  const flat = (shape: readonly number[]): readonly number[] => [shape[0], 1, shape[1], shape[2]];
  const input = writer.temporary('plane', { ...from, shape: flat(from.shape) });
  const result = writer.outputIn(quantization);
  const output = writer.temporary('result', { ...to, shape: flat(to.shape), quantization: quantization ?? to.quantization });
  writer.emit('RESHAPE', [writer.inputs[0], writer.numbers('plane_shape', flat(from.shape))], [input], { newShape: flat(from.shape) });
  return {
    input, shape: flat(from.shape), output, kernel: [1, ...kernel], strides: [1, ...strides], dilations: [1, ...dilations], pads: [0, pads[0], 0, pads[1]],
    finish: () => writer.emit('RESHAPE', [output, writer.numbers('result_shape', to.shape)], [result], { newShape: to.shape }),
  };
}

export interface WrittenWindow {
  readonly input: number;
  readonly options: Readonly<Record<string, number>>;
}

/** Options that say a window; pads that no word says become a PAD before it, where the operator ignores what is padded. */
export function writeTfliteWindow(node: NodeView, writer: TfliteWriter, plane: Plane, canPad: boolean): WrittenWindow {
  const { input, shape, kernel, strides, dilations, pads } = plane;
  const options = { strideH: strides[0], strideW: strides[1] };
  if (pads.every((pad) => pad === 0)) return { input, options: { ...options, padding: VALID } };
  const spatial = shape.slice(1, 3);
  if (samePads(spatial, kernel, strides, dilations).join() === pads.join()) return { input, options: { ...options, padding: SAME } };
  if (!canPad) return writer.refuse('pads that TFLite has no word for');
  const [top, left, bottom, right] = pads;
  const padded = writer.temporary('padded', { ...node.staticType(0), shape: [shape[0], spatial[0] + top + bottom, spatial[1] + left + right, shape[3]] });
  writer.emit('PAD', [input, writer.constant('pads', tensorOf({ dtype: 'int32', shape: [4, 2] }, [0, 0, top, bottom, left, right, 0, 0]))], [padded]);
  return { input: padded, options: { ...options, padding: VALID } };
}
