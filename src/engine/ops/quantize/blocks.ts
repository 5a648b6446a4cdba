import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { OnnxNode } from '../../formats/onnx/mapping';
import { codesType } from '../../formats/onnx/quantization';
import { codeRange, dtypes, isStatic } from '../../ir/dtype';
import { placeOn } from '../../ir/tensor';
import type { Quantization, ValueId } from '../../ir/types';
import { normalAxis } from '../op';

/**
 * Quantization in blocks: runs of `block_size` along an axis share a scale. Stored weights around zero keep their codes and
 * scales; all else becomes arithmetic. Source: onnx Operators.md, DequantizeLinear-21, QuantizeLinear-21.
 */

export const isBlocked = (node: OnnxNode): boolean => node.int('block_size', 0) > 0;

export function dequantizeBlocks(node: OnnxNode): void {
  const quantization = storedBlocks(node);
  if (quantization) return void node.emit('dequantize', [node.codes(0, quantization)]);
  const real = node.step('cast', [node.inputs[0]], { to: 'float32' });
  const offset = node.has(2) ? node.step('sub', [real, node.step('cast', [spread(node, 2)], { to: 'float32' })]) : real;
  node.emit('mul', [offset, spread(node, 1)]);
}

/**
 * Blocks as a type has them: stored codes around zero, channels on the first axis and blocks behind it, or in a matrix the other
 * way round.
 */
function storedBlocks(node: OnnxNode): Quantization | undefined {
  const [codes, scales] = [node.type(0), node.constant(1)];
  const zeros = node.has(2) ? node.constant(2) : undefined;
  if (!node.isConstant(node.inputs[0]!) || !scales || !isStatic(codes) || dtypes[codes.dtype].kind !== 'signed' || (node.has(2) && !zeros?.data.every((z) => z === 0))) return undefined;
  if (!scales.data.every((s) => s > 0 && Number.isFinite(s)) || scales.type.dtype !== 'float32') return undefined;
  const { shape } = codes;
  const axis = normalAxis(node.int('axis', 1), shape.length);
  if (shape.length < 2 || (axis === 0 && shape.length > 2)) return undefined;
  const channelAxis = axis === 0 ? 1 : 0;
  const size = node.int('block_size', 0);
  const blocks = Math.ceil(shape[axis] / size);
  if (scales.type.shape.length !== shape.length || scales.type.shape[axis] !== blocks) return undefined;
  const scale = new Array<number>(shape[channelAxis] * blocks).fill(0);
  const [entryOf, channelOf] = [placeOn(scales.type.shape, axis), placeOn(scales.type.shape, channelAxis)];
  for (let i = 0; i < scales.data.length; i++) {
    const at = channelOf(i) * blocks + entryOf(i);
    // A scale that changes along yet another axis.
    if (scale[at] !== 0 && scale[at] !== scales.data[i]) return undefined;
    scale[at] = scales.data[i];
  }
  return { scale, zeroPoint: scale.map(() => 0), axis: channelAxis, block: { axis, size } };
}

export function quantizeBlocks(node: OnnxNode): void {
  const to = codesType(node);
  const rounded = node.step('round', [node.step('div', [node.inputs[0], spread(node, 1)])]);
  const codes = node.has(2) ? node.step('add', [rounded, node.step('cast', [spread(node, 2)], { to: 'float32' })]) : rounded;
  const [clampMin, clampMax] = codeRange(to);
  node.emit('cast', [node.step('clamp', [codes], { clampMin, clampMax })], { to });
}

/** Scales or zero points, one for each element instead of one for each block. */
function spread(node: OnnxNode, input: number): ValueId {
  const { shape } = node.known(0);
  const axis = normalAxis(node.int('axis', 1), shape.length);
  const size = node.int('block_size', 0);
  const blocks = node.known(input).shape[axis];
  if (Math.ceil(shape[axis] / size) !== blocks) node.refuse(`${blocks} blocks of ${size} for ${shape[axis]} elements`);
  node.claim({ dtype: 'int64', shape: [shape[axis]] });
  const places = Array.from({ length: shape[axis] }, (_, i) => Math.floor(i / size));
  return node.step('gather', [node.inputs[input], node.addConstant(`blocks_${input}`, int64Tensor(places))], { axis });
}
