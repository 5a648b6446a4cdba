import { COPY_CODE_BYTES, copyCall, copyHeader, isCopyable, rowStrides } from '../../codegen/copy-plan';
import type { Kernel, KernelCall } from '../../codegen/kernel';
import type { NodeView } from '../op';

function callOf(node: NodeView): KernelCall | undefined {
  const type = node.outputType();
  const strides = rowStrides(node.staticType(0).shape);
  const [begins, steps] = [node.ints('begins'), node.ints('steps')];
  const from = begins.reduce((sum, begin, axis) => sum + begin * strides[axis], 0);
  return copyCall(type, { counts: type.shape, fromStrides: strides.map((stride, axis) => stride * steps[axis]), toStrides: rowStrides(type.shape), from, to: 0 }, 0);
}

const take: Kernel = {
  header: copyHeader,
  supports: (node) => isCopyable(node.outputType()) && callOf(node) !== undefined,
  plan: (node) => ({ ...callOf(node)!, codeBytes: COPY_CODE_BYTES }),
};

export const sliceKernels: readonly Kernel[] = [take];
