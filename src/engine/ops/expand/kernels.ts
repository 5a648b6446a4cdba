import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import type { NodeView } from '../op';

function callOf(node: NodeView): KernelCall | undefined {
  const type = node.outputType();
  const from = node.staticType(0).shape;
  const padded = [...new Array<number>(type.shape.length - from.length).fill(1), ...from];
  const strides = rowStrides(padded).map((stride, axis) => (padded[axis] === 1 ? 0 : stride));
  return copyCall(type, { counts: type.shape, fromStrides: strides, toStrides: rowStrides(type.shape), from: 0, to: 0 }, 0);
}

const repeat: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && !node.isConstant(0) && callOf(node) !== undefined,
  plan: (node) => ({ ...callOf(node)!, overlaps: [], codeBytes: COPY_CODE_BYTES }),
};

export const expandKernels: readonly Kernel[] = [repeat];
