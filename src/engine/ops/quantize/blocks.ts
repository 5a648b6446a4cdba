import { int64Tensor } from '../../formats/onnx/onnx-node';
import type { OnnxNode } from '../../formats/onnx/mapping';
import { codesType } from '../../formats/onnx/quantization';
import { codeRange } from '../../ir/dtype';
import type { ValueId } from '../../ir/types';
import { normalAxis } from '../op';

/**
 * Quantization in blocks: runs of `block_size` along an axis share a scale. No type holds that, so it becomes arithmetic;
 * stored weights are folded to real numbers. Source: onnx Operators.md, DequantizeLinear-21, QuantizeLinear-21.
 */

export const isBlocked = (node: OnnxNode): boolean => node.int('block_size', 0) > 0;

export function dequantizeBlocks(node: OnnxNode): void {
  const real = node.step('cast', [node.inputs[0]], { to: 'float32' });
  const offset = node.has(2) ? node.step('sub', [real, node.step('cast', [spread(node, 2)], { to: 'float32' })]) : real;
  node.emit('mul', [offset, spread(node, 1)]);
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
