import type { TfliteNode, TfliteWriter } from '../formats/tflite/mapping';
import { tensorOf } from '../ir/tensor';
import type { Attributes, StaticType, TensorType } from '../ir/types';
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

export interface WrittenWindow {
  readonly input: number;
  readonly options: Readonly<Record<string, number>>;
}

/** Options that say the window of a node; pads that no word says become a PAD before it. `padValue`: the code of padding. */
export function writeTfliteWindow(node: NodeView, writer: TfliteWriter, kernel: readonly number[], canPad: boolean): WrittenWindow {
  const { strides, dilations, padBegin, padEnd } = windowOf(node, kernel);
  const type = node.staticType(0);
  const options = { strideH: strides[0], strideW: strides[1] };
  const pads = [...padBegin, ...padEnd];
  if (pads.every((pad) => pad === 0)) return { input: writer.inputs[0], options: { ...options, padding: VALID } };
  const spatial = type.shape.slice(1, 3);
  if (samePads(spatial, kernel, strides, dilations).join() === pads.join()) return { input: writer.inputs[0], options: { ...options, padding: SAME } };
  if (!canPad) return writer.refuse('pads that TFLite has no word for');
  const around = [0, 0, padBegin[0], padEnd[0], padBegin[1], padEnd[1], 0, 0];
  const padded: TensorType = { ...type, shape: [type.shape[0], spatial[0] + padBegin[0] + padEnd[0], spatial[1] + padBegin[1] + padEnd[1], type.shape[3]] };
  const input = writer.temporary('padded', padded as StaticType);
  writer.emit('PAD', [writer.inputs[0], writer.constant('pads', tensorOf({ dtype: 'int32', shape: [4, 2] }, around))], [input]);
  return { input, options: { ...options, padding: VALID } };
}
